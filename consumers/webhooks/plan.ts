import type { AssignmentControl } from "../../messaging/assignments.ts";
import type { BatchControl, BatchOutcome, RawBatch, TopicPartition } from "../../messaging/batch.ts";
import type { Codec } from "../../messaging/codec.ts";
import { classify } from "../../messaging/failure-policy.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { NewId } from "../../runtime/ids.ts";
import type { Log } from "../../runtime/log.ts";
import type { ParkedMessage } from "../../schemas/generated.ts";
import type { ArrivalResult, DeliveryArrivals } from "../../storage/delivery-store-arrivals.ts";
import type { Admission } from "../users/admission.ts";
import { type ArrivedUserEvent, decodeEvents, parkedMessage } from "./decode-events.ts";
import { planDeliveries } from "./plan-deliveries.ts";

export interface PlanSettings {
  /** Whether partitions may be worked on and from where; rejects when Kafka or Postgres cannot be asked. */
  readonly admit: (partitions: readonly number[]) => Promise<ReadonlyMap<number, Admission>>;
  readonly codec: Codec;
  readonly arrivals: DeliveryArrivals;
  /** Puts messages into m2m.parked; resolves when they are there. */
  readonly park: (messages: readonly ParkedMessage[]) => Promise<void>;
  /** Called after deliveries were kept. */
  readonly onKept: () => void;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly log: Log;
}

/** What the runner of m2m.user-events calls. */
export interface Plan {
  readonly onAssigned: (assigned: readonly TopicPartition[], control: AssignmentControl) => Promise<void>;
  readonly onBatch: (batch: RawBatch, control: BatchControl) => Promise<BatchOutcome>;
}

/** The most messages in one transaction: with ten receivers each, some thousands of rows. */
const TRANSACTION_LIMIT = 500;

/**
 * Turns events into deliveries, without a single HTTP call: the offset depends on a local commit and on no partner's
 * server. What cannot be read, or cannot be kept when it is alone, is parked; its neighbours go on.
 */
export function createPlan(settings: PlanSettings): Plan {
  const clusterOf = new Map<number, string>();
  const hasSought = new Set<number>();
  return {
    onAssigned: async (assigned, control) => {
      clusterOf.clear();
      hasSought.clear();
      const admissions = await settings.admit(assigned.map(({ partition }) => partition));
      for (const place of assigned) {
        const admission = admissions.get(place.partition);
        if (admission === undefined) continue;
        if (admission.kind === "stopped") control.stopPartition(place, admission.reason);
        else {
          clusterOf.set(place.partition, admission.clusterId);
          control.seek(place, admission.nextOffset);
        }
      }
    },
    onBatch: async (batch, control) => {
      const clusterId = clusterOf.get(batch.partition);
      if (clusterId === undefined) return { kind: "stop_partition", reason: "the partition was never admitted" };
      const outcome = await planBatch({ batch, control, clusterId, settings });
      if (outcome.kind !== "seek") return outcome;
      if (hasSought.has(batch.partition)) return { kind: "stop_partition", reason: missing(batch, outcome.offset) };
      hasSought.add(batch.partition);
      return outcome;
    },
  };
}

interface Work {
  readonly batch: RawBatch;
  readonly control: Pick<BatchControl, "isActive">;
  readonly clusterId: string;
  readonly settings: PlanSettings;
}

async function planBatch({ batch, control, clusterId, settings }: Work): Promise<BatchOutcome> {
  let nextOffset = batch.messages[0]?.offset ?? 0n;
  for (let start = 0; start < batch.messages.length; start += TRANSACTION_LIMIT) {
    if (!control.isActive()) break;
    const part = { ...batch, messages: batch.messages.slice(start, start + TRANSACTION_LIMIT) };
    const result = await planPart(part, clusterId, settings);
    if (result.kind !== "kept") return notKept(batch, result);
    nextOffset = result.nextOffset;
  }
  // Nothing was done: the assignment is lost, and whoever has the partition now gets the same messages.
  if (nextOffset === batch.messages[0]?.offset) return { kind: "retry", error: new Error("the assignment was lost") };
  return { kind: "done", nextOffset };
}

async function planPart(part: RawBatch, clusterId: string, settings: PlanSettings): Promise<ArrivalResult> {
  const { codec, park, onKept, clock } = settings;
  const { events, parked } = await decodeEvents(part, codec, clock());
  if (parked.length > 0) await park(parked);
  const result = await keep({ part, clusterId, events, settings });
  if (result.kind === "kept" && result.inserted > 0) onKept();
  return result;
}

interface Keeping {
  readonly part: RawBatch;
  readonly clusterId: string;
  readonly events: readonly ArrivedUserEvent[];
  readonly settings: PlanSettings;
}

/** An error that time does not heal: the messages are taken one by one, and the one that fails alone is parked. */
async function keep(keeping: Keeping): Promise<ArrivalResult> {
  try {
    return await keepTogether(keeping);
  } catch (error) {
    if (classify(error).kind === "temporary") throw error;
    return keeping.part.messages.length > 1 ? keepOneByOne(keeping) : parkAndSkip(keeping, error);
  }
}

function keepTogether({ part, clusterId, events, settings }: Keeping): Promise<ArrivalResult> {
  const { topic, partition, messages } = part;
  const firstOffset = messages[0]?.offset ?? 0n;
  const nextOffset = (messages.at(-1)?.offset ?? -1n) + 1n;
  const { arrivals, newId, clock } = settings;
  const nowMs = clock();
  return arrivals.keep({ topic, partition, clusterId, firstOffset, nextOffset, events }, (event, audience) =>
    planDeliveries(event, audience, { nowMs, newId }),
  );
}

async function keepOneByOne(keeping: Keeping): Promise<ArrivalResult> {
  let inserted = 0;
  let nextOffset = 0n;
  for (const message of keeping.part.messages) {
    const part = { ...keeping.part, messages: [message] };
    const events = keeping.events.filter(({ offset }) => offset === message.offset);
    const result = await keep({ ...keeping, part, events });
    if (result.kind !== "kept") return result;
    inserted += result.inserted;
    nextOffset = result.nextOffset;
  }
  return { kind: "kept", inserted, nextOffset };
}

async function parkAndSkip(keeping: Keeping, error: unknown): Promise<ArrivalResult> {
  const { part, events, settings } = keeping;
  const [poison] = events;
  if (poison === undefined) throw error;
  const { eventId } = poison.event;
  const { partition } = part;
  settings.log.error({ error, eventId, partition }, "An event cannot be turned into deliveries; it is parked");
  const why = { reason: "not_deliverable", detail: `keeping the deliveries failed with ${classify(error).name}` };
  await settings.park([parkedMessage({ batch: part, message: poison.message, nowMs: settings.clock() }, why)]);
  return keepTogether({ ...keeping, events: [] });
}

/** A gap is mended by going back to where we are, once per assignment; if it is still there, messages are missing. */
function notKept({ partition }: RawBatch, result: Exclude<ArrivalResult, { kind: "kept" }>): BatchOutcome {
  if (result.kind === "gap") return { kind: "seek", offset: result.nextOffset };
  const reason = `the progress of partition ${partition} belongs to another Kafka cluster or was removed`;
  return { kind: "stop_partition", reason };
}

function missing({ partition, messages }: RawBatch, nextOffset: bigint): string {
  return `offsets from ${nextOffset} to ${messages[0]?.offset} are missing in partition ${partition}`;
}
