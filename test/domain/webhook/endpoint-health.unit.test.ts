import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { disabledReason, nextHealthStep, WARNING_PERCENTS } from "../../../domain/webhook/endpoint-health.ts";

const HOUR_MS = 3_600_000;
const LIMITS = { afterMs: 100 * HOUR_MS, deliveries: 20 };
const streak = { sinceMs: 0, failedDeliveries: 20, warnedPercent: 0 };

describe("when an endpoint is disabled", () => {
  test("only when its streak is old enough and enough different deliveries failed in it", () => {
    const disabled = fc.record({ hours: fc.integer({ min: 0, max: 200 }), failed: fc.integer({ min: 1, max: 40 }) });
    fc.assert(
      fc.property(disabled, ({ hours, failed }) => {
        const step = nextHealthStep({ ...streak, failedDeliveries: failed }, hours * HOUR_MS, LIMITS);
        expect(step.kind === "disable").toBe(hours >= 100 && failed >= 20);
      }),
    );
  });

  test("a busy endpoint is not disabled within minutes, a quiet one not for one event", () => {
    expect(nextHealthStep({ ...streak, failedDeliveries: 1_000_000 }, 60_000, LIMITS)).toEqual({ kind: "none" });
    expect(nextHealthStep({ ...streak, failedDeliveries: 1, warnedPercent: 90 }, 1_000 * HOUR_MS, LIMITS)).toEqual({
      kind: "none",
    });
  });
});

describe("warnings", () => {
  test.each([
    [49, 0, null],
    [50, 0, 50],
    [69, 50, null],
    [70, 50, 70],
    [90, 70, 90],
    [99, 90, null],
    [95, 0, 90],
  ])("after %i per cent of the time, warned of %i: %s", (hours, warnedPercent, percent) => {
    const step = nextHealthStep({ ...streak, warnedPercent }, hours * HOUR_MS, LIMITS);
    expect(step).toEqual(percent === null ? { kind: "none" } : { kind: "warn", percent });
  });

  test("over any course of weeks each is given at most once, in order, and always before the end", () => {
    const looks = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(looks, (gaps) => {
        let nowMs = 0;
        let warnedPercent = 0;
        const given: number[] = [];
        for (const gap of gaps) {
          nowMs += gap * HOUR_MS;
          const step = nextHealthStep({ ...streak, warnedPercent }, nowMs, LIMITS);
          if (step.kind === "disable") break;
          if (step.kind === "none") continue;
          given.push(step.percent);
          warnedPercent = step.percent;
        }
        expect(given).toEqual([...new Set(given)].sort());
        expect(WARNING_PERCENTS).toEqual(expect.arrayContaining(given));
      }),
    );
  });
});

test("the reason says what happened, since when, and how to get it back", () => {
  for (const why of ["gone", "failing"] as const) {
    expect(disabledReason(why, 0)).toMatch(/1970-01-01T00:00:00\.000Z.*PATCH it with status enabled.*recover/);
  }
});
