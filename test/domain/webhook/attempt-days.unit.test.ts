import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AttemptDaysState, DAYS_AHEAD, planAttemptDays } from "../../../domain/webhook/attempt-days.ts";

const DAY_MS = 86_400_000;
const at = (time: string) => Date.parse(time);

describe("planAttemptDays", () => {
  test("makes today and the next seven days of UTC, over the ends of months and years", () => {
    const plan = planAttemptDays({ nowMs: at("2027-12-27T23:59:59.999Z"), existing: [], retentionDays: 30 });
    expect(plan.drop).toEqual([]);
    expect(plan.create.map(({ name }) => name.replace("webhook_attempts_", ""))).toEqual([
      ...["20271227", "20271228", "20271229", "20271230", "20271231", "20280101", "20280102", "20280103"],
    ]);
    expect(plan.create[4]).toEqual({
      name: "webhook_attempts_20271231",
      from: "2027-12-31T00:00:00.000Z",
      to: "2028-01-01T00:00:00.000Z",
    });
  });

  test("drops a day when its last moment is older than the retention, and not before", () => {
    const existing = ["webhook_attempts_20260227", "webhook_attempts_20260228", "webhook_attempts_20260301"];
    const dropAt = (time: string) => planAttemptDays({ nowMs: at(time), existing, retentionDays: 2 }).drop;
    expect(dropAt("2026-03-01T23:59:59.999Z")).toEqual([]);
    expect(dropAt("2026-03-02T00:00:00.000Z")).toEqual(["webhook_attempts_20260227"]);
    expect(dropAt("2026-03-03T12:00:00.000Z")).toEqual(["webhook_attempts_20260227", "webhook_attempts_20260228"]);
  });

  test("makes no day that a set aside default partition has, and drops that when all of it is old", () => {
    const existing = ["webhook_attempts_before_20260303"];
    const plan = planAttemptDays({ nowMs: at("2026-03-01T12:00:00.000Z"), existing, retentionDays: 1 });
    expect(plan.create[0]?.name).toBe("webhook_attempts_20260303");
    expect(plan.drop).toEqual([]);
    const later = { existing, retentionDays: 1 };
    expect(planAttemptDays({ ...later, nowMs: at("2026-03-03T23:00:00.000Z") }).drop).toEqual([]);
    expect(planAttemptDays({ ...later, nowMs: at("2026-03-04T00:00:00.000Z") }).drop).toEqual(existing);
  });

  test.each([
    "webhook_attempts_default",
    "webhook_attempts_20260230",
    "webhook_attempts_2026013",
    "webhook_attempts_20260101_old",
    "webhook_attempts_backup",
    "others_20260101",
  ])("leaves what is none of its own alone: %s", (name) => {
    const plan = planAttemptDays({ nowMs: at("2026-06-01T00:00:00.000Z"), existing: [name], retentionDays: 1 });
    expect(plan.drop).toEqual([]);
    expect(plan.create).toHaveLength(DAYS_AHEAD + 1);
  });
});

const moments = fc.integer({ min: at("1971-01-01T00:00:00.000Z"), max: at("2190-01-01T00:00:00.000Z") });
const retentions = fc.integer({ min: 1, max: 400 });
/** Housekeeping at moments that lie minutes to weeks apart, backwards too: a clock that is put right. */
const steps = fc.array(fc.integer({ min: -3 * DAY_MS, max: 40 * DAY_MS }), { maxLength: 20 });

const after = (state: AttemptDaysState): readonly string[] => {
  const { create, drop } = planAttemptDays(state);
  return [...state.existing.filter((name) => !drop.includes(name)), ...create.map(({ name }) => name)];
};
const startOf = (name: string) => Date.parse(name.replace(/^\w+_(\d{4})(\d{2})(\d{2})$/, "$1-$2-$3"));

/** The names of the partitions after each round of housekeeping, with the moment of it. */
function history(startMs: number, retentionDays: number, given: readonly number[]) {
  let nowMs = startMs;
  let existing: readonly string[] = [];
  return [0, ...given].map((step) => {
    nowMs += step;
    const state = { nowMs, existing, retentionDays };
    existing = after(state);
    return { state, plan: planAttemptDays(state), existing };
  });
}

describe("bar 14 whenever housekeeping is done, and however often,", () => {
  test("every moment from now to seven days ahead has exactly one partition, and a second round has nothing to do", () => {
    fc.assert(
      fc.property(moments, retentions, steps, fc.nat({ max: DAYS_AHEAD * DAY_MS }), (start, days, given, aheadMs) => {
        for (const { state, existing } of history(start, days, given)) {
          const moment = state.nowMs + aheadMs;
          const found = existing.filter((name) => startOf(name) <= moment && moment < startOf(name) + DAY_MS);
          expect(found).toHaveLength(1);
          expect(planAttemptDays({ ...state, existing })).toEqual({ create: [], drop: [] });
        }
      }),
    );
  });

  test("what is dropped is older than the retention to its last moment, and what is kept is not", () => {
    fc.assert(
      fc.property(moments, retentions, steps, (start, days, given) => {
        for (const { state, plan, existing } of history(start, days, given)) {
          const limit = state.nowMs - days * DAY_MS;
          for (const name of plan.drop) expect(startOf(name) + DAY_MS).toBeLessThanOrEqual(limit);
          for (const name of existing) expect(startOf(name) + 2 * DAY_MS).toBeGreaterThan(limit);
        }
      }),
    );
  });

  test("a day is named after itself and ends where the next one begins", () => {
    fc.assert(
      fc.property(moments, retentions, (nowMs, retentionDays) => {
        const { create } = planAttemptDays({ nowMs, existing: [], retentionDays });
        for (const [index, { name, from, to }] of create.entries()) {
          expect(startOf(name)).toBe(Date.parse(from));
          expect(Date.parse(to) - Date.parse(from)).toBe(DAY_MS);
          expect(create[index + 1]?.from ?? to).toBe(to);
        }
        expect(Date.parse(create[0]?.from ?? "")).toBe(Math.floor(nowMs / DAY_MS) * DAY_MS);
      }),
    );
  });
});
