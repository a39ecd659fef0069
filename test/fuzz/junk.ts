import fc from "fast-check";

/** Values that hardly any field takes. */
const STRANGE: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 53,
  1e308,
  -1e-320,
  "",
  " ",
  "\t\n",
  "null",
  "0",
  "a\u0000b",
  "\ud800",
  "\u202egnirts",
  "👩‍👩‍👧‍👦".repeat(20),
  "x".repeat(10_000),
  "../../etc/passwd",
  "'; drop table users; --",
  "{{7*7}}",
  [],
  {},
  [[[[]]]],
  nested(40),
  Array.from({ length: 10_001 }, () => 0),
];

/** Bodies that are no JSON of ours, as text or bytes. */
const RAW: readonly (string | Uint8Array<ArrayBuffer>)[] = [
  "",
  " ",
  "null",
  "true",
  '"text"',
  "[]",
  "{",
  '{"a":1,}',
  "{'a':1}",
  '{"referenceId":1e999}',
  '{"referenceId":"a","referenceId":"b"}',
  '{"__proto__":{"referenceId":"fuzz-1"}}',
  '{"constructor":{"prototype":{}},"toString":1,"userData":{"__proto__":{"dob":1},"hasOwnProperty":2}}',
  '{"userData":{"name":{"toString":"x","__proto__":null}},"referenceId":"fuzz-1"}',
  "[".repeat(100_000),
  '{"a":'.repeat(5_000),
  `{"referenceId":"${"x".repeat(300_000)}"}`,
  "\ufeff{}",
  "referenceId=fuzz-1",
  "<a/>",
  new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]),
  new Uint8Array([0x1f, 0x8b, 0x08, 0x00]),
];

/** Any value at all. */
export const junkValues: fc.Arbitrary<unknown> = fc.oneof(fc.constantFrom(...STRANGE), fc.jsonValue({ maxDepth: 4 }));

/** Any body at all, as it goes over the wire. */
export const junkBodies: fc.Arbitrary<string | Uint8Array<ArrayBuffer>> = fc.oneof(
  fc.constantFrom(...RAW),
  junkValues.map((value) => JSON.stringify(value)),
);

/** A body with one place of it taken away, replaced, or put where none was. */
export function spoiled(bodies: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const change = fc.oneof(
    junkValues.map((value) => ({ kind: "replace" as const, value })),
    fc.constant({ kind: "remove" as const }),
    fc.record({
      kind: fc.constant("add" as const),
      name: fc.constantFrom("", "ñ", "$ref", "toString", "a.b", "0"),
      value: junkValues,
    }),
  );
  return fc.tuple(bodies, fc.nat(), change).map(([body, chosen, one]) => {
    const copy = { body: structuredClone(body) } as Record<string, unknown>;
    const places = placesOf(copy);
    const place = places[chosen % places.length];
    if (place === undefined) return copy["body"];
    if (one.kind === "replace") place.holder[place.key] = one.value;
    if (one.kind === "remove" && place.holder !== copy) delete place.holder[place.key];
    if (one.kind === "add") addTo(place.holder[place.key], one.name, one.value);
    return copy["body"];
  });
}

interface PlaceIn {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

function placesOf(holder: Record<string, unknown>): PlaceIn[] {
  return Object.entries(holder).flatMap(([key, value]) => {
    const inner = typeof value === "object" && value !== null ? placesOf(value as Record<string, unknown>) : [];
    return [{ holder, key }, ...inner];
  });
}

function addTo(holder: unknown, name: string, value: unknown): void {
  if (typeof holder === "object" && holder !== null) (holder as Record<string, unknown>)[name] = value;
}

function nested(depth: number): unknown {
  return depth === 0 ? "deep" : { inner: nested(depth - 1) };
}
