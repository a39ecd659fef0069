import { describe, expect, test } from "vitest";
import { createPlan, type PlanSettings } from "../../../consumers/webhooks/plan.ts";
import type { RawBatch, RawMessage } from "../../../messaging/batch.ts";
import { RegistryUnreachable, SchemaViolation } from "../../../messaging/schema-errors.ts";
import { newId } from "../../../runtime/ids.ts";
import { createLog } from "../../../runtime/log.ts";
import type { ParkedMessage, UserEventMessage } from "../../../schemas/generated.ts";
import type { ArrivalResult } from "../../../storage/delivery-store-arrivals.ts";
import type { NewDelivery } from "../../../storage/insert-deliveries.ts";
import { eventsOfUser } from "./event-samples.ts";

const NOW_MS = Date.parse("2026-01-02T03:04:05.678Z");
const TOPIC = "user-events";
const ENDPOINT = { endpointId: "ep_acme_1", url: "https://partner.example/hooks", events: null, isPaused: false };
const active = { isActive: () => true, heartbeat: async () => undefined };

const message = (offset: bigint, value: unknown): RawMessage => ({
  offset,
  key: Buffer.from("acme/test/ref-1"),
  value: value === null ? null : Buffer.from(JSON.stringify(value)),
  headers: {},
  timestamp: "0",
});

const batchOf = (messages: readonly RawMessage[], partition = 0): RawBatch => ({
  topic: TOPIC,
  partition,
  highWatermark: 100n,
  messages,
});

/** A plan over storage that only notes, with partition 0 admitted at offset 0. */
async function stagePlan(changes: Partial<PlanSettings> = {}) {
  const kept: { firstOffset: bigint; nextOffset: bigint; deliveries: readonly NewDelivery[] }[] = [];
  const parked: ParkedMessage[] = [];
  let keptCalls = 0;
  const arrivals: PlanSettings["arrivals"] = {
    keep: async (arrival, plan) => {
      const deliveries = arrival.events.flatMap((event) => plan(event, { endpoints: [ENDPOINT], callbackUrl: null }));
      kept.push({ firstOffset: arrival.firstOffset, nextOffset: arrival.nextOffset, deliveries });
      return { kind: "kept", inserted: deliveries.length, nextOffset: arrival.nextOffset };
    },
  };
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
    onKept: () => {
      keptCalls += 1;
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
  return { plan, kept, parked, sought, stopped, assign, keptCalls: () => keptCalls };
}

describe("a batch", () => {
  test("becomes deliveries and an offset in one call, and the worker is woken once", async () => {
    const { plan, kept, keptCalls } = await stagePlan();
    const { stateChanged, resultRecorded } = eventsOfUser("ref-1");
    const events = [stateChanged(), resultRecorded(), stateChanged()];
    const messages = events.map((event, index) => message(BigInt(index + 5), event));
    expect(await plan.onBatch(batchOf(messages), active)).toEqual({ kind: "done", nextOffset: 8n });
    expect(kept).toMatchObject([{ firstOffset: 5n, nextOffset: 8n }]);
    expect(kept[0]?.deliveries.map(({ eventId }) => eventId)).toEqual([events[0]!.eventId, events[2]!.eventId]);
    expect(kept[0]?.deliveries[0]).toMatchObject({
      receiver: { kind: "endpoint", id: "ep_acme_1" },
      lane: "endpoint:ep_acme_1",
      url: ENDPOINT.url,
      eventType: "user.state_changed",
      sequence: 1,
      referenceId: "ref-1",
      atMs: NOW_MS,
    });
    expect(keptCalls()).toBe(1);
  });

  test("of events that nobody receives wakes nobody", async () => {
    const { plan, keptCalls } = await stagePlan();
    await plan.onBatch(batchOf([message(0n, eventsOfUser("ref-1").resultRecorded())]), active);
    expect(keptCalls()).toBe(0);
  });

  test("of more than 500 messages is kept in several transactions", async () => {
    const { plan, kept } = await stagePlan();
    const { stateChanged } = eventsOfUser("ref-1");
    const messages = Array.from({ length: 1_100 }, (_, index) => message(BigInt(index), stateChanged()));
    expect(await plan.onBatch(batchOf(messages), active)).toEqual({ kind: "done", nextOffset: 1_100n });
    expect(kept.map(({ nextOffset }) => nextOffset)).toEqual([500n, 1_000n, 1_100n]);
  });

  test("stops between transactions when the assignment is lost", async () => {
    const { plan, kept } = await stagePlan();
    const { stateChanged } = eventsOfUser("ref-1");
    const messages = Array.from({ length: 1_100 }, (_, index) => message(BigInt(index), stateChanged()));
    const lost = { ...active, isActive: () => kept.length === 0 };
    expect(await plan.onBatch(batchOf(messages), lost)).toEqual({ kind: "done", nextOffset: 500n });
    const gone = { ...active, isActive: () => false };
    expect(await plan.onBatch(batchOf(messages), gone)).toMatchObject({ kind: "retry" });
  });
});

describe("a message that cannot be read", () => {
  test("is parked with its bytes before the offset moves; its neighbours are kept", async () => {
    const order: string[] = [];
    const stage = await stagePlan();
    const { plan, kept, parked } = await stagePlan({
      park: async (messages) => {
        parked.push(...messages);
        order.push("parked");
      },
      onKept: () => void order.push("kept"),
    });
    const event = eventsOfUser("ref-1").stateChanged();
    const messages = [message(3n, "not an event"), message(4n, event), message(5n, null)];
    expect(await plan.onBatch(batchOf(messages), active)).toEqual({ kind: "done", nextOffset: 6n });
    expect(order).toEqual(["parked", "kept"]);
    expect(kept[0]?.deliveries).toHaveLength(1);
    expect(parked).toEqual([
      {
        reason: "not_in_schema",
        detail: "The message does not fit its schema",
        consumer: "webhooks",
        original: { topic: TOPIC, partition: 0, offset: "3", key: "acme/test/ref-1" },
        rawBase64: Buffer.from('"not an event"').toString("base64"),
        parkedAt: "2026-01-02T03:04:05.678Z",
      },
      expect.objectContaining({ reason: "no_value", rawBase64: null }),
    ]);
    expect(stage.parked).toEqual([]);
  });

  test("is not parked when only the registry is away: nothing of the batch is done", async () => {
    const { plan, kept, parked } = await stagePlan({
      codec: {
        encode: async () => Buffer.alloc(0),
        decode: () => Promise.reject(new RegistryUnreachable("it does not answer")),
      },
    });
    await expect(plan.onBatch(batchOf([message(0n, {})]), active)).rejects.toThrow(RegistryUnreachable);
    expect([kept, parked]).toEqual([[], []]);
  });

  test("that cannot be parked holds everything up: nothing is lost", async () => {
    const { plan, kept } = await stagePlan({ park: () => Promise.reject(new Error("Kafka is away")) });
    await expect(plan.onBatch(batchOf([message(0n, "not an event")]), active)).rejects.toThrow("Kafka is away");
    expect(kept).toEqual([]);
  });
});

describe("an event that cannot be kept", () => {
  const poisoned = (isPoison: (event: UserEventMessage) => boolean) => {
    const kept: bigint[] = [];
    const arrivals: PlanSettings["arrivals"] = {
      keep: async (arrival, plan) => {
        const deliveries = arrival.events.flatMap((event) => plan(event, { endpoints: [ENDPOINT], callbackUrl: null }));
        const bodies = deliveries.map(({ body }) => JSON.parse(body) as { sequence: number });
        if (bodies.some(({ sequence }) => isPoison({ sequence } as UserEventMessage))) throw new Error("out of range");
        for (let offset = arrival.firstOffset; offset < arrival.nextOffset; offset += 1n) kept.push(offset);
        return { kind: "kept", inserted: deliveries.length, nextOffset: arrival.nextOffset };
      },
    };
    return { arrivals, kept };
  };

  test("is parked alone; everything before and behind it is kept", async () => {
    const { arrivals, kept } = poisoned(({ sequence }) => sequence === 2);
    const { plan, parked } = await stagePlan({ arrivals });
    const { stateChanged } = eventsOfUser("ref-1");
    const messages = [0n, 1n, 2n, 3n].map((offset) => message(offset, stateChanged()));
    expect(await plan.onBatch(batchOf(messages), active)).toEqual({ kind: "done", nextOffset: 4n });
    expect(kept).toEqual([0n, 1n, 2n, 3n]);
    expect(parked).toMatchObject([{ reason: "not_deliverable", original: { offset: "1" } }]);
    expect(parked[0]?.detail).not.toContain("out of range");
  });

  test("is not parked for an error that passes", async () => {
    const away = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    const { plan, parked } = await stagePlan({ arrivals: { keep: () => Promise.reject(away) } });
    const messages = [message(0n, eventsOfUser("ref-1").stateChanged())];
    await expect(plan.onBatch(batchOf(messages), active)).rejects.toBe(away);
    expect(parked).toEqual([]);
  });
});

describe("a partition", () => {
  test("begins where Postgres says, whatever Kafka remembers", async () => {
    const admission = { kind: "admitted", clusterId: "c", nextOffset: 42n } as const;
    const { assign, sought } = await stagePlan({ admit: async () => new Map([[7, admission]]) });
    await assign(7);
    expect(sought).toContainEqual([7, 42n]);
  });

  test("that does not fit Postgres is stopped with the sentence, and nothing of it is kept", async () => {
    const admission = { kind: "stopped", reason: "the topic was made anew" } as const;
    const { plan, assign, stopped, kept } = await stagePlan({ admit: async () => new Map([[7, admission]]) });
    await assign(7);
    expect(stopped).toContainEqual([7, "the topic was made anew"]);
    expect(await plan.onBatch(batchOf([message(0n, {})], 7), active)).toMatchObject({ kind: "stop_partition" });
    expect(kept).toEqual([]);
  });

  const answering = (result: ArrivalResult) => stagePlan({ arrivals: { keep: async () => result } });

  test("with a gap goes back once per assignment; then it is stopped", async () => {
    const { plan, assign } = await answering({ kind: "gap", nextOffset: 3n });
    const batch = batchOf([message(5n, eventsOfUser("ref-1").stateChanged())]);
    expect(await plan.onBatch(batch, active)).toEqual({ kind: "seek", offset: 3n });
    expect(await plan.onBatch(batch, active)).toEqual({
      kind: "stop_partition",
      reason: "offsets from 3 to 5 are missing in partition 0",
    });
    await assign(0);
    expect(await plan.onBatch(batch, active)).toEqual({ kind: "seek", offset: 3n });
  });

  test("of another cluster is stopped", async () => {
    const { plan } = await answering({ kind: "not_admitted" });
    const batch = batchOf([message(0n, eventsOfUser("ref-1").stateChanged())]);
    expect(await plan.onBatch(batch, active)).toMatchObject({ kind: "stop_partition" });
  });
});
