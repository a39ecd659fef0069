import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  DEFAULT_RETRY_DELAYS_MS,
  MAX_JITTER,
  nextAttempt,
  RETRY_AFTER_CAP_MS,
} from "../../../domain/webhook/retry-schedule.ts";

const attempt = { number: 1, delaysMs: null, retryAfterMs: null, random: 0 };
const MINUTE_MS = 60_000;

describe("the documented schedule", () => {
  test("five attempts: at once, then 1 min, 5 min, 30 min, 2 h after each failure, then failed", () => {
    const delays = [1, 2, 3, 4, 5, 6].map((number) => nextAttempt({ ...attempt, number }));
    expect(delays).toEqual([
      { kind: "retry", delayMs: 1 * MINUTE_MS },
      { kind: "retry", delayMs: 5 * MINUTE_MS },
      { kind: "retry", delayMs: 30 * MINUTE_MS },
      { kind: "retry", delayMs: 120 * MINUTE_MS },
      { kind: "exhausted" },
      { kind: "exhausted" },
    ]);
  });

  test("an endpoint's own schedule replaces it", () => {
    expect(nextAttempt({ ...attempt, number: 2, delaysMs: [10, 20] })).toEqual({ kind: "retry", delayMs: 20 });
    expect(nextAttempt({ ...attempt, number: 3, delaysMs: [10, 20] })).toEqual({ kind: "exhausted" });
    expect(nextAttempt({ ...attempt, delaysMs: [] })).toEqual({ kind: "exhausted" });
  });
});

describe("bar 8 Retry-After", () => {
  test.each([
    { asked: "longer than the schedule", retryAfterMs: 10 * MINUTE_MS, delayMs: 10 * MINUTE_MS },
    { asked: "shorter than the schedule", retryAfterMs: 1_000, delayMs: MINUTE_MS },
    { asked: "nothing, or something in the past", retryAfterMs: 0, delayMs: MINUTE_MS },
    { asked: "more than the cap", retryAfterMs: 1e12, delayMs: RETRY_AFTER_CAP_MS },
    { asked: "endless patience", retryAfterMs: Number.POSITIVE_INFINITY, delayMs: RETRY_AFTER_CAP_MS },
  ])("it may only lengthen the wait, up to a cap: $asked", ({ retryAfterMs, delayMs }) => {
    expect(nextAttempt({ ...attempt, retryAfterMs })).toEqual({ kind: "retry", delayMs });
  });

  test("it buys no attempt beyond the schedule", () => {
    expect(nextAttempt({ ...attempt, number: 5, retryAfterMs: 1_000 })).toEqual({ kind: "exhausted" });
  });
});

const anyAttempt = fc.record({
  number: fc.integer({ min: 1, max: 12 }),
  delaysMs: fc.option(fc.array(fc.nat({ max: 10 * 3_600_000 }), { maxLength: 8 })),
  retryAfterMs: fc.option(fc.nat({ max: 2_000_000_000 })),
  random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
});

test("bars 8 and 14 jitter is upwards only and at most 10 %, whatever chance says", () => {
  fc.assert(
    fc.property(anyAttempt, (one) => {
      const steady = nextAttempt({ ...one, random: 0 });
      const jittered = nextAttempt(one);
      expect(jittered.kind).toBe(steady.kind);
      if (steady.kind === "exhausted" || jittered.kind === "exhausted") return;
      expect(Number.isInteger(jittered.delayMs)).toBe(true);
      expect(jittered.delayMs).toBeGreaterThanOrEqual(steady.delayMs);
      expect(jittered.delayMs).toBeLessThanOrEqual(steady.delayMs * (1 + MAX_JITTER));
    }),
  );
});

test("bar 14 there is always exactly one attempt more than there are delays", () => {
  fc.assert(
    fc.property(anyAttempt, (one) => {
      const delays = one.delaysMs ?? DEFAULT_RETRY_DELAYS_MS;
      expect(nextAttempt(one).kind).toBe(one.number <= delays.length ? "retry" : "exhausted");
    }),
  );
});
