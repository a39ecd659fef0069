import fc from "fast-check";
import { expect, test } from "vitest";
import { backoffDelayMs } from "../../runtime/backoff.ts";

const never = () => 0;

test("delays double up to the cap", () => {
  const delays = [1, 2, 3, 4, 5, 50].map((attempt) => backoffDelayMs({ firstMs: 100, capMs: 1_000 }, attempt, never));
  expect(delays).toEqual([100, 200, 400, 800, 1_000, 1_000]);
});

test("chance only shortens, and by no more than the jitter", () => {
  const arbitrary = fc.record({
    attempt: fc.integer({ min: 1, max: 100 }),
    random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    jitter: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(arbitrary, ({ attempt, random, jitter }) => {
      const backoff = { firstMs: 100, capMs: 30_000, jitter };
      const full = backoffDelayMs({ ...backoff, jitter: 0 }, attempt, never);
      const delay = backoffDelayMs(backoff, attempt, () => random);
      expect(delay).toBeLessThanOrEqual(full);
      expect(delay).toBeGreaterThanOrEqual(Math.floor(full * (1 - jitter)));
    }),
  );
});
