import fc from "fast-check";
import { expect, test } from "vitest";
import { retryAfterMs } from "../../../domain/webhook/retry-after.ts";

const NOW_MS = Date.parse("2026-01-02T03:04:05.000Z");
const HOUR_MS = 3_600_000;

test.each([
  ["0", 0],
  ["120", 120_000],
  [" 7 ", 7_000],
  ["9".repeat(400), Number.POSITIVE_INFINITY],
])("bar 8 seconds: %j", (header, expected) => {
  expect(retryAfterMs(header, NOW_MS)).toBe(expected);
});

test.each([
  ["today's form", "Fri, 02 Jan 2026 04:04:05 GMT", HOUR_MS],
  ["the form of RFC 850", "Friday, 02-Jan-26 04:04:05 GMT", HOUR_MS],
  ["asctime's form", "Fri Jan  2 04:04:05 2026", HOUR_MS],
  ["now", "Fri, 02 Jan 2026 03:04:05 GMT", 0],
  ["the past", "Sun, 06 Nov 1994 08:49:37 GMT", 0],
  ["two digits of the last century", "Sunday, 06-Nov-94 08:49:37 GMT", 0],
])("bar 8 an HTTP date, %s: %j", (_, header, expected) => {
  expect(retryAfterMs(header, NOW_MS)).toBe(expected);
});

test.each([
  [null],
  [""],
  ["soon"],
  ["-1"],
  ["1.5"],
  ["1e3"],
  ["0x10"],
  ["120 seconds"],
  ["2026-01-02T04:04:05Z"],
  ["Fri, 02 Jan 2026 04:04:05"],
  ["Fri, 02 Foo 2026 04:04:05 GMT"],
  ["Fri, 32 Jan 2026 04:04:05 GMT"],
  ["Fri, 02 Jan 2026 25:04:05 GMT"],
])("bar 8 what makes no sense asks for nothing: %j", (header) => {
  expect(retryAfterMs(header, NOW_MS)).toBeNull();
});

test("bar 8 every HTTP date that a server can write is understood", () => {
  const seconds = fc.integer({ min: 0, max: 4_000_000_000 });
  fc.assert(
    fc.property(seconds, (atSeconds) => {
      const header = new Date(atSeconds * 1_000).toUTCString();
      expect(retryAfterMs(header, NOW_MS)).toBe(Math.max(0, atSeconds * 1_000 - NOW_MS));
    }),
  );
});

test("bar 8 no header makes it throw or give a negative wait", () => {
  fc.assert(
    fc.property(fc.string(), (header) => {
      expect(retryAfterMs(header, NOW_MS) ?? 0).toBeGreaterThanOrEqual(0);
    }),
  );
});
