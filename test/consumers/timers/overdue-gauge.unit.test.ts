import { expect, test } from "vitest";
import { gaugeOverdue } from "../../../consumers/timers/overdue-gauge.ts";
import { manualClock } from "../../../runtime/clock.ts";
import { createMetrics } from "../../../runtime/metrics.ts";

test("J6 B9 J4 what is overdue, and what contradicts itself, is counted when somebody looks", async () => {
  const metrics = createMetrics("test");
  const asked: string[] = [];
  gaugeOverdue({
    metrics,
    clock: manualClock(Date.parse("2026-03-01T12:00:00.000Z")).now,
    count: async (now) => {
      asked.push(now);
      return { cipAttempts: 3, operations: 2, contradictions: 1 };
    },
  });
  const text = await metrics.text();
  expect(text).toMatch(/m2m_overdue\{kind="cip_attempt".*\} 3/);
  expect(text).toMatch(/m2m_overdue\{kind="operation".*\} 2/);
  expect(text).toMatch(/m2m_contradictions\{?.*\}? 1/);
  expect(asked).toEqual(["2026-03-01T12:00:00.000Z"]);
});
