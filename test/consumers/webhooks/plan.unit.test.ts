import { describe, expect, test } from "vitest";
import { RegistryUnreachable } from "../../../messaging/schema-errors.ts";
import type { UserEventMessage } from "../../../schemas/generated.ts";
import type { ArrivalResult } from "../../../storage/delivery-store-arrivals.ts";
import { eventsOfUser } from "./event-samples.ts";
import {
  AUDIENCE,
  active,
  arrivalsOf,
  batchOf,
  ENDPOINT,
  inserted,
  message,
  NO_LANES,
  NOW_MS,
  stagePlan,
  TOPIC,
} from "./plan-stage.ts";

describe("a batch", () => {
  test("becomes deliveries and an offset in one call, and the worker is woken once", async () => {
    const { plan, kept, accepted, queuedCalls } = await stagePlan();
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
    expect(queuedCalls()).toBe(1);
    expect(accepted).toEqual([]);
  });

  test("of events that nobody receives wakes nobody", async () => {
    const { plan, queuedCalls } = await stagePlan();
    await plan.onBatch(batchOf([message(0n, eventsOfUser("ref-1").resultRecorded())]), active);
    expect(queuedCalls()).toBe(0);
  });

  test("of more than 100 messages is kept in several transactions", async () => {
    const { plan, kept } = await stagePlan();
    const { stateChanged } = eventsOfUser("ref-1");
    const messages = Array.from({ length: 220 }, (_, index) => message(BigInt(index), stateChanged()));
    expect(await plan.onBatch(batchOf(messages), active)).toEqual({ kind: "done", nextOffset: 220n });
    expect(kept.map(({ nextOffset }) => nextOffset)).toEqual([100n, 200n, 220n]);
  });

  test("stops between transactions when the assignment is lost", async () => {
    const { plan, kept } = await stagePlan();
    const { stateChanged } = eventsOfUser("ref-1");
    const messages = Array.from({ length: 220 }, (_, index) => message(BigInt(index), stateChanged()));
    const lost = { ...active, isActive: () => kept.length === 0 };
    expect(await plan.onBatch(batchOf(messages), lost)).toEqual({ kind: "done", nextOffset: 100n });
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
      onQueued: () => void order.push("kept"),
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
    const arrivals = arrivalsOf(async (arrival, plan) => {
      const deliveries = arrival.events.flatMap((event) => plan.deliveriesOf(event, AUDIENCE, NO_LANES));
      const bodies = deliveries.map(({ body }) => JSON.parse(body) as { sequence: number });
      if (bodies.some(({ sequence }) => isPoison({ sequence } as UserEventMessage))) throw new Error("out of range");
      for (let offset = arrival.firstOffset; offset < arrival.nextOffset; offset += 1n) kept.push(offset);
      return { kind: "kept", inserted: inserted(deliveries), wishes: new Map(), nextOffset: arrival.nextOffset };
    });
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
    const { plan, parked } = await stagePlan({ arrivals: arrivalsOf(() => Promise.reject(away)) });
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

  const answering = (result: ArrivalResult) => stagePlan({ arrivals: arrivalsOf(async () => result) });

  test("with a gap goes back; if the gap is still there, it is stopped", async () => {
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
