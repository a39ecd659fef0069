import { expect, test } from "vitest";
import { isDateTime } from "../../schemas/date-time.ts";

test.each([
  "2026-01-31T09:30:00Z",
  "2026-01-31T09:30:00.000Z",
  "2026-01-31T09:30:00.123456+05:30",
  "2024-02-29T23:59:59-06:00",
])("a time: %s", (text) => {
  expect(isDateTime(text)).toBe(true);
});

test.each([
  ["no zone", "2026-01-31T09:30:00"],
  ["a space", "2026-01-31 09:30:00Z"],
  ["a day that is none", "2026-02-30T09:30:00Z"],
  ["no leap year", "2023-02-29T09:30:00Z"],
  ["month 13", "2026-13-01T09:30:00Z"],
  ["hour 24", "2026-01-31T24:00:00Z"],
  ["no seconds", "2026-01-31T09:30Z"],
  ["a day only", "2026-01-31"],
  ["a zone that is none", "2026-01-31T09:30:00+25:00"],
])("no time: %s", (_, text) => {
  expect(isDateTime(text)).toBe(false);
});
