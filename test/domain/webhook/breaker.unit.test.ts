import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  FAILURES_TO_OPEN,
  failuresInARow,
  isToOpen,
  LARGEST_RELEASE,
  nextRelease,
  probeDelayMs,
  type Sign,
  signOf,
} from "../../../domain/webhook/breaker.ts";
import { RETRY_AFTER_CAP_MS } from "../../../domain/webhook/retry-schedule.ts";
import { FAILURE_CLASSES } from "../../../domain/webhook/verdict.ts";

const signs = fc.array(fc.constantFrom<Sign>("there", "away", "nothing"), { maxLength: 40 });

describe("bar 11 the sign of an attempt", () => {
  test("no answer, a broken one, a 5xx and a 429 say that the receiver is away", () => {
    const away = FAILURE_CLASSES.filter((failure) => signOf(failure, null) === "away");
    expect(away).toEqual(["timeout", "dns", "connect", "connection_lost", "tls", "protocol", "http_5xx"]);
    expect(signOf("http_4xx", 429)).toBe("away");
  });

  test("a good answer, and one that refuses this event, say that it is there", () => {
    expect(signOf(null, 204)).toBe("there");
    const there = FAILURE_CLASSES.filter((failure) => signOf(failure, null) === "there");
    expect(there).toEqual(["redirect", "gone", "http_4xx", "http_other"]);
  });
});

test("bar 11 the breaker opens after five attempts in a row that found the receiver away, and never before", () => {
  fc.assert(
    fc.property(signs, (all) => {
      const failures = all.reduce(failuresInARow, 0);
      const said = all.filter((sign) => sign !== "nothing");
      const sinceThere = said.length - 1 - said.lastIndexOf("there");
      expect(failures).toBe(sinceThere);
      expect(isToOpen(failures)).toBe(sinceThere >= FAILURES_TO_OPEN);
    }),
  );
});

describe("bar 11 the delay of a probe", () => {
  const probe = fc.record({
    count: fc.nat(1_000_000),
    retryAfterMs: fc.option(fc.nat(RETRY_AFTER_CAP_MS * 2)),
    random: fc.double({ min: 0, max: 0.999_999, noNaN: true }),
  });

  test("doubles from a second to ten, and jitter only adds, at most a tenth", () => {
    const plain = [0, 1, 2, 3, 4, 5, 6, 7, 1_000].map((count) =>
      probeDelayMs({ count, retryAfterMs: null, random: 0 }),
    );
    expect(plain).toEqual([1, 2, 4, 8, 10, 10, 10, 10, 10].map((seconds) => seconds * 1_000));
    fc.assert(
      fc.property(probe, (one) => {
        const base = probeDelayMs({ ...one, random: 0 });
        expect(probeDelayMs(one)).toBeGreaterThanOrEqual(base);
        expect(probeDelayMs(one)).toBeLessThanOrEqual(base * 1.1);
      }),
    );
  });

  test("is at least what a Retry-After asks, up to its cap", () => {
    fc.assert(
      fc.property(probe, (one) => {
        expect(probeDelayMs(one)).toBeGreaterThanOrEqual(Math.min(one.retryAfterMs ?? 0, RETRY_AFTER_CAP_MS));
        expect(probeDelayMs(one)).toBeLessThanOrEqual(RETRY_AFTER_CAP_MS * 1.1);
      }),
    );
  });
});

test("bar 11 a recovery begins with one and doubles to 200 a step, and waits for those that still wait", () => {
  const steps = [0, 1, 2, 4, 100, 150, 200].map((previous) => nextRelease(previous, 0).release);
  expect(steps).toEqual([1, 2, 4, 8, 200, 200, 200]);
  fc.assert(
    fc.property(fc.nat(LARGEST_RELEASE), fc.nat(2_000), (previous, waiting) => {
      const { step, release } = nextRelease(previous, waiting);
      expect(release + waiting <= step || release === 0).toBe(true);
    }),
  );
});
