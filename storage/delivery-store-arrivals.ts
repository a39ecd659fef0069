import type { Environment } from "../domain/user/user.ts";
import type { Audience } from "../domain/webhook/subscriptions.ts";
import type { EndpointTarget } from "../domain/webhook/targets.ts";
import { audiencesFrom, callbacksStatement, endpointsStatement, wishesFrom } from "./audiences.ts";
import type { Wishes } from "./claimed-delivery.ts";
import { type ArrivingDelivery, type InsertedDelivery, insertStatement, toInserted } from "./insert-deliveries.ts";
import type { Database } from "./orm.ts";
import { inPipelinedTransaction, type Statement } from "./sql.ts";
import { lockStatement, moveNextOffsets, type Progress, progressOf, readNextOffsets } from "./user-store/progress.ts";

/** An event that came in, as far as the question of who receives it goes. */
export interface ArrivedEvent {
  readonly offset: bigint;
  readonly partner: string;
  readonly environment: Environment;
  /** The link that the event names, if any. */
  readonly linkId: string | null;
}

/** Consecutive messages of one partition of the events. Those that are no events are left out of `events`. */
export interface Arrival<Event extends ArrivedEvent> {
  readonly topic: string;
  readonly partition: number;
  readonly clusterId: string;
  readonly firstOffset: bigint;
  /** One above the last message. */
  readonly nextOffset: bigint;
  readonly events: readonly Event[];
}

export type ArrivalResult =
  /** `inserted` are new deliveries; one that was there before is not among them. `wishes` are those of endpoints. */
  | {
      readonly kind: "kept";
      readonly inserted: readonly InsertedDelivery[];
      readonly wishes: ReadonlyMap<string, Wishes>;
      readonly nextOffset: bigint;
    }
  /** The batch starts above what was kept: keeping it would lose what is in between. */
  | { readonly kind: "gap"; readonly nextOffset: bigint }
  /** Nobody prepared this partition's progress, or it belongs to another Kafka cluster. */
  | { readonly kind: "not_admitted" };

/** Somebody else holds the partition's fence now. */
export type SharedArrivalResult = ArrivalResult | { readonly kind: "fenced" };

/** What to deliver of an event, from who could receive it. */
export interface ArrivalPlan<Event extends ArrivedEvent> {
  readonly deliveriesOf: (
    event: Event,
    audience: Audience<EndpointTarget>,
    openLanes: ReadonlySet<string>,
  ) => readonly ArrivingDelivery[];
  /** Until when those that are taken along are claimed. */
  readonly leaseUntilMs: number;
}

/**
 * Where events become deliveries. The commits wait for no disk: what a crash of Postgres takes of the last moments it takes
 * of deliveries and offsets alike, so that Kafka still has those events and `progress` shows from where they have to come
 * again. What is recorded later, a result say, is only durable together with them.
 */
export interface DeliveryArrivals {
  /**
   * Keeps a batch whole or not at all: its deliveries and the partition's next offset in one commit. Messages that were
   * kept before are skipped, and a delivery that is there already (same event, same receiver) stays as it is, so that an
   * event may come any number of times.
   */
  readonly keep: <Event extends ArrivedEvent>(
    arrival: Arrival<Event>,
    plan: ArrivalPlan<Event>,
  ) => Promise<ArrivalResult>;
  /**
   * The same for batches of several partitions in one commit, results in their order. Waits for nobody: a partition whose
   * fence somebody else holds is left out as `fenced`.
   */
  readonly keepTogether: <Event extends ArrivedEvent>(
    arrivals: readonly Arrival<Event>[],
    plan: ArrivalPlan<Event>,
  ) => Promise<readonly SharedArrivalResult[]>;
  /** The next offset of each partition of a topic. */
  readonly progress: (topic: string) => Promise<ReadonlyMap<number, bigint>>;
}

/** The arrivals of one process. */
export function createDeliveryArrivals(database: Pick<Database, "em">): DeliveryArrivals {
  return {
    keep: async (arrival, plan) => {
      const [result = NOT_ADMITTED] = await keepAll(database, { arrivals: [arrival], plan, ifLocked: "wait" });
      // Nobody is skipped by who waits: without a row the partition was never admitted.
      return result.kind === "fenced" ? NOT_ADMITTED : result;
    },
    keepTogether: (arrivals, plan) => keepAll(database, { arrivals, plan, ifLocked: "skip" }),
    progress: (topic) => readNextOffsets(database.em(), topic),
  };
}

const NOT_ADMITTED = { kind: "not_admitted" } as const;

interface Keeping<Event extends ArrivedEvent> {
  readonly arrivals: readonly Arrival<Event>[];
  readonly plan: ArrivalPlan<Event>;
  readonly ifLocked: "wait" | "skip";
}

function keepAll<Event extends ArrivedEvent>(
  database: Pick<Database, "em">,
  { arrivals, plan, ifLocked }: Keeping<Event>,
): Promise<readonly SharedArrivalResult[]> {
  const events = arrivals.flatMap((arrival) => arrival.events);
  return inPipelinedTransaction(database.em(), async (transaction) => {
    const [, locked, endpoints, callbacks, lanes] = await transaction.run([
      WITHOUT_DISK,
      lockStatement(arrivals, ifLocked),
      endpointsStatement(events),
      callbacksStatement(events),
      OPEN_LANES,
    ]);
    const openLanes = new Set(lanes.map(({ lane }) => lane));
    const wishes = wishesFrom(endpoints);
    const progress = progressOf(locked);
    const audienceOf = audiencesFrom(endpoints, callbacks);
    const placed = arrivals.map((arrival) => place(arrival, progress.get(arrival.partition)));
    const open = placed.flatMap((one) => (one.kind === "open" ? [one] : []));
    const deliveries = open.map(({ fresh }) =>
      fresh.flatMap((event) => plan.deliveriesOf(event, audienceOf(event), openLanes)),
    );
    const all = deliveries.flat();
    const [rows] = await transaction.runAndCommit([
      all.length === 0 ? null : insertStatement(all, plan.leaseUntilMs),
      open.length === 0 ? null : moveNextOffsets(arrivals[0]?.topic ?? "", open),
    ]);
    const inserted = new Map(rows.map((row) => [row.delivery_id, toInserted(row)]));
    const insertedOf = new Map(
      open.map((one, index) => [one, deliveries[index]?.flatMap(({ deliveryId }) => inserted.get(deliveryId) ?? [])]),
    );
    return placed.map((one): SharedArrivalResult => {
      if (one.kind !== "open") return one;
      return { kind: "kept", inserted: insertedOf.get(one) ?? [], wishes, nextOffset: one.nextOffset };
    });
  });
}

const WITHOUT_DISK: Statement = { sql: "set local synchronous_commit = off", parameters: [] };

const OPEN_LANES: Statement<{ readonly lane: string }> = {
  sql: "select lane from webhook_lanes where state = 'open'",
  parameters: [],
};

/** A batch, or what is left of it, that may be kept. */
interface OpenArrival<Event> {
  readonly kind: "open";
  readonly partition: number;
  readonly nextOffset: bigint;
  readonly fresh: readonly Event[];
}

function place<Event extends ArrivedEvent>(
  { partition, clusterId, firstOffset, nextOffset, events }: Arrival<Event>,
  progress: Progress | undefined,
): OpenArrival<Event> | SharedArrivalResult {
  if (progress === undefined) return { kind: "fenced" };
  if (progress.clusterId !== clusterId) return NOT_ADMITTED;
  if (nextOffset <= progress.nextOffset)
    return { kind: "kept", inserted: [], wishes: new Map(), nextOffset: progress.nextOffset };
  if (firstOffset > progress.nextOffset) return { kind: "gap", nextOffset: progress.nextOffset };
  const fresh = events.filter(({ offset }) => offset >= progress.nextOffset);
  return { kind: "open", partition, nextOffset, fresh };
}
