import { createLanes } from "../../../consumers/webhooks/lanes.ts";
import { createPlan, type PlanSettings } from "../../../consumers/webhooks/plan.ts";
import type { RawBatch, RawMessage } from "../../../messaging/batch.ts";
import { SchemaViolation } from "../../../messaging/schema-errors.ts";
import { newId } from "../../../runtime/ids.ts";
import { createLog } from "../../../runtime/log.ts";
import { createMetrics } from "../../../runtime/metrics.ts";
import type { ParkedMessage } from "../../../schemas/generated.ts";
import type { ClaimedDelivery } from "../../../storage/claimed-delivery.ts";
import type { InsertedDelivery, NewDelivery } from "../../../storage/insert-deliveries.ts";

export const NOW_MS = Date.parse("2026-01-02T03:04:05.678Z");
export const TOPIC = "user-events";
export const WISHES = { isPaused: false, isStrict: false, rateLimit: null };
export const ENDPOINT = { endpointId: "ep_acme_1", url: "https://partner.example/hooks", events: null, ...WISHES };
export const AUDIENCE = { endpoints: [ENDPOINT], callbackUrl: null };
export const NO_LANES: ReadonlySet<string> = new Set();
export const NO_SECRETS = { isReceiverRemoved: false, delaysMs: null, rateLimit: null, sealedSecrets: [] };
export const active = { isActive: () => true, heartbeat: async () => undefined };

export const message = (offset: bigint, value: unknown): RawMessage => ({
  offset,
  key: Buffer.from("acme/test/ref-1"),
  value: value === null ? null : Buffer.from(JSON.stringify(value)),
  headers: {},
  timestamp: "0",
});

export const batchOf = (messages: readonly RawMessage[], partition = 0): RawBatch => ({
  topic: TOPIC,
  partition,
  highWatermark: 100n,
  messages,
});

export type Keep = PlanSettings["arrivals"]["keep"];

/** Arrivals whose shared transactions are those of single batches. */
export const arrivalsOf = (keep: Keep): PlanSettings["arrivals"] => ({
  keep,
  keepTogether: (arrivals, plan) => Promise.all(arrivals.map((arrival) => keep(arrival, plan))),
});

/** Everything is new; what is taken along is claimed. */
export const inserted = (
  deliveries: readonly { deliveryId: string; isTaken: boolean }[],
): readonly InsertedDelivery[] =>
  deliveries.map(({ deliveryId, isTaken }) => ({
    deliveryId,
    status: isTaken ? "delivering" : "pending",
  }));

/** A plan over storage that only notes, with partition 0 admitted at offset 0. */
export async function stagePlan({ slots = 0, ...changes }: Partial<PlanSettings> & { slots?: number } = {}) {
  const kept: { firstOffset: bigint; nextOffset: bigint; deliveries: readonly NewDelivery[] }[] = [];
  const parked: ParkedMessage[] = [];
  const accepted: ClaimedDelivery[] = [];
  const lanes = createLanes(slots, () => NOW_MS);
  let queuedCalls = 0;
  const arrivals = arrivalsOf(async (arrival, plan) => {
    const deliveries = arrival.events.flatMap((event) => plan.deliveriesOf(event, AUDIENCE, NO_LANES));
    kept.push({ firstOffset: arrival.firstOffset, nextOffset: arrival.nextOffset, deliveries });
    return { kind: "kept", inserted: inserted(deliveries), wishes: new Map(), nextOffset: arrival.nextOffset };
  });
  const plan = createPlan({
    admit: async (partitions) =>
      new Map(partitions.map((partition) => [partition, { kind: "admitted", clusterId: "c", nextOffset: 0n }])),
    codec: {
      encode: async () => Buffer.alloc(0),
      decode: async (bytes) => {
        const value = JSON.parse(bytes.toString()) as unknown;
        if (value === "not an event") throw new SchemaViolation("The message does not fit its schema", []);
        return value;
      },
    },
    arrivals,
    park: async (messages) => void parked.push(...messages),
    ...{ lanes, leaseMs: 20_000, metrics: createMetrics("test") },
    accept: (deliveries) => void accepted.push(...deliveries),
    onQueued: () => {
      queuedCalls += 1;
    },
    clock: () => NOW_MS,
    newId,
    log: createLog({ level: "silent", component: "test" }),
    ...changes,
  });
  const sought: [number, bigint][] = [];
  const stopped: [number, string][] = [];
  const control = {
    seek: ({ partition }: { partition: number }, offset: bigint) => void sought.push([partition, offset]),
    stopPartition: ({ partition }: { partition: number }, reason: string) => void stopped.push([partition, reason]),
  };
  const assign = (...partitions: number[]) =>
    plan.onAssigned(
      partitions.map((partition) => ({ topic: TOPIC, partition })),
      control,
    );
  await assign(0);
  return { plan, kept, parked, accepted, lanes, sought, stopped, assign, queuedCalls: () => queuedCalls };
}
