import { expect, test } from "vitest";
import { createDeliveryMeasures } from "../../../consumers/webhooks/measure-deliveries.ts";
import { createMetrics } from "../../../runtime/metrics.ts";

const DELIVERED = { startedAtMs: 3_000, next: { kind: "delivered", atMs: 4_000 } } as const;
const FAILED = { startedAtMs: 3_000, next: { kind: "failed" } } as const;

function stage() {
  const metrics = createMetrics("test");
  const measures = createDeliveryMeasures(metrics);
  const value = async (name: string) =>
    Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, "m").exec(await metrics.text())?.[1]);
  return { measures, value };
}

test("bar 15 from the event to the first attempt and to the good answer, in seconds; a retry has no first attempt", async () => {
  const { measures, value } = stage();
  measures.recorded({ acceptedAtMs: 1_000, number: 1 }, FAILED, "counted");
  measures.recorded({ acceptedAtMs: 1_000, number: 2 }, DELIVERED, "counted");
  expect(await value("m2m_delivery_first_attempt_seconds_count")).toBe(1);
  expect(await value("m2m_delivery_first_attempt_seconds_sum")).toBe(2);
  expect(await value("m2m_delivery_delivered_seconds_count")).toBe(1);
  expect(await value("m2m_delivery_delivered_seconds_sum")).toBe(3);
});

test("bar 15 a lease that ended is counted, and a result that came too late as a duplicate", async () => {
  const { measures, value } = stage();
  measures.claimed({ isTakenOver: false });
  measures.claimed({ isTakenOver: true });
  measures.recorded({ acceptedAtMs: 1_000, number: 1 }, DELIVERED, "late");
  measures.recorded({ acceptedAtMs: 1_000, number: 1 }, DELIVERED, "lost");
  expect(await value("m2m_delivery_lease_expiries_total")).toBe(1);
  expect(await value("m2m_delivery_duplicates_total")).toBe(1);
  expect(await value("m2m_delivery_delivered_seconds_count")).toBe(0);
});

test("bar 15 a clock that went back shows no time below zero", async () => {
  const { measures, value } = stage();
  measures.recorded({ acceptedAtMs: 9_000, number: 1 }, DELIVERED, "counted");
  expect(await value("m2m_delivery_delivered_seconds_sum")).toBe(0);
});
