import fc from "fast-check";
import { expect, test } from "vitest";
import { firstLaneLimit, isFailing, nextLaneLimit } from "../../../domain/webhook/lane-limit.ts";

const attempt = fc.record({
  durationMs: fc.nat(40_000),
  isTimeout: fc.boolean(),
  isDelivered: fc.boolean(),
  inFlight: fc.integer({ min: 1, max: 64 }),
});
const timeout = { durationMs: 30_000, isTimeout: true, isDelivered: false, inFlight: 1 };
const fast = { durationMs: 20, isTimeout: false, isDelivered: true };

test("bar 14 a lane's limit stays between one and the most", () => {
  fc.assert(
    fc.property(fc.array(attempt), fc.integer({ min: 1, max: 64 }), (attempts, most) => {
      const limits = attempts.map((_, index) =>
        attempts.slice(0, index + 1).reduce((limit, one) => nextLaneLimit(limit, one, most), firstLaneLimit(most)),
      );
      expect(limits.every((limit) => limit >= 1 && limit <= most)).toBe(true);
    }),
  );
});

test("bar 1 a receiver that hangs is down to one slot after three timeouts, and counts as failing", () => {
  const limits = [timeout, timeout, timeout].map((_, index, all) =>
    all.slice(0, index + 1).reduce((limit, one) => nextLaneLimit(limit, one, 64), firstLaneLimit(64)),
  );
  expect(limits).toEqual([4, 2, 1]);
  expect(limits.map((limit) => isFailing({ limit, failures: 0 }, 64))).toEqual([true, true, true]);
  expect(isFailing({ limit: 8, failures: 1 }, 64)).toBe(true);
  expect(isFailing({ limit: firstLaneLimit(4), failures: 0 }, 4)).toBe(false);
});

test("bar 14 a lane that was slowed down comes back with fast successes, and grows only while it is used", () => {
  const back = Array.from({ length: 80 }).reduce<number>(
    (limit) => nextLaneLimit(limit, { ...fast, inFlight: limit }, 64),
    1,
  );
  expect(back).toBe(64);
  const idle = Array.from({ length: 80 }).reduce<number>(
    (limit) => nextLaneLimit(limit, { ...fast, inFlight: 1 }, 64),
    1,
  );
  expect(idle).toBe(8);
});

test("a slow success takes a slot away, a failure that comes at once does not", () => {
  expect(nextLaneLimit(8, { ...fast, durationMs: 6_000, inFlight: 8 }, 64)).toBe(7);
  expect(nextLaneLimit(8, { ...fast, durationMs: 2_000, inFlight: 8 }, 64)).toBe(8);
  expect(nextLaneLimit(8, { ...fast, isDelivered: false, inFlight: 8 }, 64)).toBe(8);
});
