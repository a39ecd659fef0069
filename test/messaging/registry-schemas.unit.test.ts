import addFormats from "ajv-formats";
import fc from "fast-check";
import { expect, test } from "vitest";
import { OWN_TIMES } from "../../messaging/registry-schemas.ts";

test("what passes as a time of ours passes the library's check too", () => {
  const format = addFormats.default.get("date-time");
  if (typeof format !== "object" || !("validate" in format)) throw new Error("the format has another form now");
  const { validate } = format;
  if (typeof validate !== "function") throw new Error("the format has another form now");
  fc.assert(
    fc.property(fc.stringMatching(OWN_TIMES), (text) => {
      expect(validate(text as never)).toBe(true);
    }),
    { numRuns: 500 },
  );
  expect(OWN_TIMES.test(new Date("2026-02-28T23:59:59.999Z").toISOString())).toBe(true);
  for (const text of ["2026-02-30T00:00:00.000Z", "2026-13-01T00:00:00.000Z", "2026-01-01T24:00:00.000Z", "today"]) {
    expect([OWN_TIMES.test(text), validate(text as never)]).toEqual([false, false]);
  }
});
