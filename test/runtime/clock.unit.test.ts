import { expect, test } from "vitest";
import { manualClock, systemClock } from "../../runtime/clock.ts";

test("a manual clock stands still until it is moved, either way", () => {
  const clock = manualClock(1_000);
  const { now } = clock;
  expect([now(), now()]).toEqual([1_000, 1_000]);
  clock.advance(500);
  expect(now()).toBe(1_500);
  clock.advance(-700);
  expect(now()).toBe(800);
  clock.set(42);
  expect(now()).toBe(42);
});

test("the system clock gives epoch milliseconds", () => {
  const before = Date.now();
  const present = systemClock();
  expect(present).toBeGreaterThanOrEqual(before);
  expect(present).toBeLessThanOrEqual(Date.now());
});
