import type { RawBatch } from "../../messaging/batch.ts";
import type { Codec } from "../../messaging/codec.ts";
import { classify } from "../../messaging/failure-policy.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { NewId } from "../../runtime/ids.ts";
import type { Log } from "../../runtime/log.ts";
import type { ParkedMessage } from "../../schemas/generated.ts";
import type { ClaimedDelivery, Wishes } from "../../storage/claimed-delivery.ts";
import type {
  Arrival,
  ArrivalPlan,
  ArrivalResult,
  DeliveryArrivals,
  SharedArrivalResult,
} from "../../storage/delivery-store-arrivals.ts";
import type { ArrivingDelivery } from "../../storage/insert-deliveries.ts";
import { type ArrivedUserEvent, decodeEvents, parkedMessage } from "./decode-events.ts";
import type { Lanes } from "./lanes.ts";
import { planDeliveries } from "./plan-deliveries.ts";

export interface KeepSettings {
  readonly codec: Codec;
  readonly arrivals: Pick<DeliveryArrivals, "keep" | "keepTogether">;
  readonly lanes: Pick<Lanes, "tryTake" | "giveBack" | "queued" | "untilFree">;
  /** Begins attempts of deliveries whose slots are taken. */
  readonly accept: (deliveries: readonly ClaimedDelivery[]) => void;
  /** Called when deliveries were kept that wait for a slot. */
  readonly onQueued: () => void;
  /** Puts messages into m2m.parked; resolves when they are there. */
  readonly park: (messages: readonly ParkedMessage[]) => Promise<void>;
  /** How long the claims of those hold that are sent at once. */
  readonly leaseMs: number;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly log: Log;
}

/** Consecutive messages of a partition that may be worked on. */
export interface AdmittedEvents extends RawBatch {
  readonly clusterId: string;
}

/** What was read of them; what could not be is parked already. */
interface ReadBatch {
  readonly batch: AdmittedEvents;
  readonly events: readonly ArrivedUserEvent[];
}

type Settled<Result> = PromiseSettledResult<Result>;

/** Arrivals wait so long for slots, so that they need not be claimed later; whoever hangs holds them up no longer. */
const WAIT_FOR_SLOTS_MS = 50;

/**
 * Turns batches of several partitions into deliveries, in one transaction, and begins the attempts of those for which
 * there is a slot: claimed already when they are inserted, so that the fast path has no poll and no second write before
 * the attempt. A result, or why there is none, for each batch in their order. Never rejects.
 */
export async function keepEvents(
  batches: readonly AdmittedEvents[],
  settings: KeepSettings,
): Promise<readonly Settled<SharedArrivalResult>[]> {
  await settings.lanes.untilFree(WAIT_FOR_SLOTS_MS);
  const read = await Promise.allSettled(batches.map((batch) => readBatch(batch, settings)));
  const readable = read.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const results = (await keepTogether(readable, settings)).values();
  return read.map((one) => (one.status === "rejected" ? one : (results.next().value ?? NO_RESULT)));
}

const NO_RESULT: Settled<never> = { status: "rejected", reason: new Error("a batch has no result") };

/** The same for one batch that waits for its partition's fence. Rejects with what time heals. */
export async function keepAlone(batch: AdmittedEvents, settings: KeepSettings): Promise<ArrivalResult> {
  return keepPart(await readBatch(batch, settings), settings);
}

async function readBatch(batch: AdmittedEvents, { codec, park, clock }: KeepSettings): Promise<ReadBatch> {
  const { events, parked } = await decodeEvents(batch, codec, clock());
  if (parked.length > 0) await park(parked);
  return { batch, events };
}

/** With an error that time does not heal each batch is kept on its own, so that it costs the others nothing. */
async function keepTogether(
  parts: readonly ReadBatch[],
  settings: KeepSettings,
): Promise<readonly Settled<SharedArrivalResult>[]> {
  if (parts.length > 1) {
    try {
      const results = await keep(parts, settings, (all, plan) => settings.arrivals.keepTogether(all, plan));
      return results.map((value) => ({ status: "fulfilled", value }));
    } catch (reason) {
      if (classify(reason).kind === "temporary") return parts.map(() => ({ status: "rejected", reason }));
    }
  }
  const results: Settled<SharedArrivalResult>[] = [];
  for (const part of parts) results.push(...(await Promise.allSettled([keepPart(part, settings)])));
  return results;
}

/** An error that time does not heal: the messages are taken one by one, and the one that fails alone is parked. */
async function keepPart(part: ReadBatch, settings: KeepSettings): Promise<ArrivalResult> {
  try {
    return await keepWhole(part, settings);
  } catch (error) {
    if (classify(error).kind === "temporary") throw error;
    return part.batch.messages.length > 1 ? keepOneByOne(part, settings) : parkAndSkip(part, error, settings);
  }
}

async function keepWhole(part: ReadBatch, settings: KeepSettings): Promise<ArrivalResult> {
  const [result] = await keep([part], settings, async ([arrival], plan) => {
    if (arrival === undefined) throw new Error("there is nothing to keep");
    return [await settings.arrivals.keep(arrival, plan)];
  });
  if (result === undefined) throw new Error("a batch has no result");
  return result;
}

type Keep<Result> = (
  arrivals: readonly Arrival<ArrivedUserEvent>[],
  plan: ArrivalPlan<ArrivedUserEvent>,
) => Promise<readonly Result[]>;

/** Slots are taken while it is planned, and are given back for what was not inserted after all. */
async function keep<Result extends SharedArrivalResult>(
  parts: readonly ReadBatch[],
  settings: KeepSettings,
  write: Keep<Result>,
): Promise<readonly Result[]> {
  const { lanes, clock, newId, leaseMs } = settings;
  const nowMs = clock();
  const planned = new Map<string, ArrivingDelivery>();
  const plan: ArrivalPlan<ArrivedUserEvent> = {
    leaseUntilMs: nowMs + leaseMs,
    deliveriesOf: (event, audience, openLanes) =>
      planDeliveries(event, audience, { nowMs, newId }).map((delivery) => {
        const isLaneOpen = openLanes.has(delivery.lane);
        const mayBeTaken = !delivery.isPaused && !delivery.isStrict && !isLaneOpen;
        const isTaken = mayBeTaken && lanes.tryTake({ ...delivery, slotClass: "first" });
        const arriving = { ...delivery, isTaken, isLaneOpen };
        planned.set(delivery.deliveryId, arriving);
        return arriving;
      }),
  };
  try {
    const results = await write(parts.map(toArrival), plan);
    begin(results, planned, settings);
    return results;
  } finally {
    for (const delivery of planned.values()) if (delivery.isTaken) lanes.giveBack({ ...delivery, slotClass: "first" });
  }
}

/** Takes out of `planned` what is on its way; what waits is made known. */
function begin(
  results: readonly SharedArrivalResult[],
  planned: Map<string, ArrivingDelivery>,
  { lanes, accept, onQueued }: KeepSettings,
): void {
  const accepted: ClaimedDelivery[] = [];
  let isQueued = false;
  for (const { inserted, wishes } of results.flatMap((one) => (one.kind === "kept" ? [one] : []))) {
    for (const { deliveryId, status } of inserted) {
      const delivery = planned.get(deliveryId);
      if (delivery === undefined) continue;
      if (status === "pending") {
        lanes.queued(delivery.lane);
        isQueued = true;
      }
      if (status !== "delivering") continue;
      planned.delete(deliveryId);
      accepted.push(claimedOf(delivery, wishes.get(delivery.receiver.id) ?? NO_WISHES));
    }
  }
  accept(accepted);
  if (isQueued) onQueued();
}

/** It was inserted as the first claim. */
function claimedOf(delivery: ArrivingDelivery, wishes: Wishes): ClaimedDelivery {
  const first = { fence: 1, number: 1, slotClass: "first", isTakenOver: false } as const;
  return { ...delivery, ...first, acceptedAtMs: delivery.atMs, ...wishes };
}

/** A link has none; its deliveries are signed with the partner's secret, which is found when it is needed. */
const NO_WISHES: Wishes = { isReceiverRemoved: false, delaysMs: null, rateLimit: null, sealedSecrets: [] };

function toArrival({ batch, events }: ReadBatch) {
  const { topic, partition, clusterId, messages } = batch;
  const firstOffset = messages[0]?.offset ?? 0n;
  const nextOffset = (messages.at(-1)?.offset ?? -1n) + 1n;
  return { topic, partition, clusterId, firstOffset, nextOffset, events };
}

async function keepOneByOne({ batch, events }: ReadBatch, settings: KeepSettings): Promise<ArrivalResult> {
  let kept: ArrivalResult = { kind: "kept", inserted: [], wishes: new Map(), nextOffset: 0n };
  for (const message of batch.messages) {
    const own = events.filter(({ offset }) => offset === message.offset);
    kept = await keepPart({ batch: { ...batch, messages: [message] }, events: own }, settings);
    if (kept.kind !== "kept") return kept;
  }
  return kept;
}

async function parkAndSkip({ batch, events }: ReadBatch, error: unknown, settings: KeepSettings) {
  const [poison] = events;
  if (poison === undefined) throw error;
  const { eventId } = poison.event;
  const { partition } = batch;
  settings.log.error({ error, eventId, partition }, "An event cannot be turned into deliveries; it is parked");
  const why = { reason: "not_deliverable", detail: `keeping the deliveries failed with ${classify(error).name}` };
  await settings.park([parkedMessage({ batch, message: poison.message, nowMs: settings.clock() }, why)]);
  return keepWhole({ batch, events: [] }, settings);
}
