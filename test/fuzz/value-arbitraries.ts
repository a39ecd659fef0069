import fc from "fast-check";
import { resolved, type Schema } from "../../gateway/documentation/openapi-document.ts";

/** What values are made of. */
export interface ValueSettings {
  readonly schemas: Readonly<Record<string, Schema>>;
  /** Whether values just beyond a limit may come too. */
  readonly hasEdges: boolean;
  /** Values for properties of these names, besides what their schema says. */
  readonly known: Readonly<Record<string, readonly unknown[]>>;
}

const DEEPEST = 12;
/** Longer texts are left to a test of their own. */
const LONGEST = 5_000;
/** fast-check makes no texts of these; without them a few texts miss the pattern. */
const LOOKAHEAD = /\(\?[=!][^)]*\)/g;

/** Values that fit a schema; with `hasEdges` some lie one step beyond a limit of it. */
export function valuesOf(schema: Schema, settings: ValueSettings, depth = 0): fc.Arbitrary<unknown> {
  const own = resolved(schema, settings.schemas);
  if (own.const !== undefined) return fc.constant(own.const);
  if (own.enum) return fc.constantFrom(...own.enum);
  const branches = own.oneOf ?? own.anyOf;
  const inner = (one: Schema) => valuesOf(one, settings, depth + 1);
  if (branches) return fc.oneof(...branches.map(inner));
  if (own.allOf?.[0]) return inner(own.allOf[0]);
  const types = typeof own.type === "string" ? [own.type] : (own.type ?? ["object", "string", "integer"]);
  return fc.oneof(...types.map((type) => ofType(type, own, { settings, depth })));
}

interface Place {
  readonly settings: ValueSettings;
  readonly depth: number;
}

function ofType(type: string, schema: Schema, { settings, depth }: Place): fc.Arbitrary<unknown> {
  switch (type) {
    case "null":
      return fc.constant(null);
    case "boolean":
      return fc.boolean();
    case "integer":
      return numbers(schema, settings.hasEdges);
    case "number":
      return fc.oneof(numbers(schema, settings.hasEdges), fc.constantFrom(0.01, 60.5, 60.555, 1e15, 1e-9));
    case "array":
      return lists(schema, { settings, depth });
    case "object":
      return records(schema, { settings, depth });
    default:
      return texts(schema, settings.hasEdges);
  }
}

function numbers({ minimum = 0, maximum = 1_000_000 }: Schema, hasEdges: boolean): fc.Arbitrary<number> {
  const inside = fc.oneof(fc.constantFrom(minimum, maximum), fc.integer({ min: minimum, max: maximum }));
  const beyond = fc.constantFrom(minimum - 1, maximum + 1, minimum + 0.5);
  return hasEdges ? fc.oneof({ weight: 3, arbitrary: inside }, { weight: 1, arbitrary: beyond }) : inside;
}

function texts(schema: Schema, hasEdges: boolean): fc.Arbitrary<string> {
  const { minLength = 0, maxLength = 300 } = schema;
  const inside = formed(schema);
  if (!hasEdges) return inside;
  const lengths = [minLength - 1, minLength, maxLength, maxLength + 1].filter((one) => one >= 0 && one <= LONGEST);
  const edges = fc.constantFrom(...lengths.flatMap((length) => ["x".repeat(length), "ñ".repeat(length)]));
  return fc.oneof({ weight: 3, arbitrary: inside }, { weight: lengths.length === 0 ? 0 : 1, arbitrary: edges });
}

function formed({ pattern, format, minLength = 0, maxLength = 300 }: Schema): fc.Arbitrary<string> {
  if (format === "date") return fc.constantFrom("1990-05-15", "2000-02-29", "1900-01-01", "2024-02-29", "0001-01-01");
  if (format === "date-time") {
    return fc.constantFrom(
      "2026-01-31T09:30:00.000Z",
      "2026-01-31T09:30:00+14:00",
      "0000-01-01T00:00:00Z",
      "9999-12-31T23:59:59-14:00",
    );
  }
  if (format === "uri") return fc.webUrl({ validSchemes: ["https"] });
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern.replace(LOOKAHEAD, "")));
  const short = { minLength, maxLength: Math.max(minLength, Math.min(maxLength, 40)) };
  return fc.oneof(fc.string(short), fc.string({ ...short, unit: "grapheme" })).map((text) => text.slice(0, maxLength));
}

function lists(
  { items = {}, minItems = 0, maxItems = 4 }: Schema,
  { settings, depth }: Place,
): fc.Arbitrary<unknown[]> {
  if (depth > DEEPEST) return fc.constant([]);
  const most = Math.min(maxItems, 4) + (settings.hasEdges ? 1 : 0);
  return fc.array(valuesOf(items, settings, depth + 1), {
    minLength: settings.hasEdges ? 0 : minItems,
    maxLength: most,
  });
}

function records(schema: Schema, { settings, depth }: Place): fc.Arbitrary<unknown> {
  const { properties = {}, required = [], additionalProperties } = schema;
  if (depth > DEEPEST) return fc.constant({});
  if (Object.keys(properties).length === 0) {
    return additionalProperties === undefined
      ? fc.constant({})
      : fc.dictionary(fc.string({ maxLength: 12 }), fc.jsonValue(), { maxKeys: 4 });
  }
  const requiredKeys: string[] = settings.hasEdges ? [] : [...required];
  const model: [string, fc.Arbitrary<unknown>][] = Object.entries(properties).map(([name, own]) => [
    name,
    named(name, valuesOf(own, settings, depth + 1), settings),
  ]);
  return fc.record<Record<string, unknown>, string>(Object.fromEntries(model), { requiredKeys });
}

function named(name: string, values: fc.Arbitrary<unknown>, { known }: ValueSettings): fc.Arbitrary<unknown> {
  const own = known[name];
  return own === undefined
    ? values
    : fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...own) }, { weight: 1, arbitrary: values });
}
