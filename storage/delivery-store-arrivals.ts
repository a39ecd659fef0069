import type { Environment } from "../domain/user/user.ts";
import type { Audience } from "../domain/webhook/subscriptions.ts";
import type { EndpointTarget } from "../domain/webhook/targets.ts";
import { loadAudiences } from "./audiences.ts";
import { insertDeliveries, type NewDelivery } from "./insert-deliveries.ts";
import type { Database } from "./orm.ts";
import { lockProgress, moveNextOffset } from "./user-store/progress.ts";

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
  /** `inserted` counts new deliveries; one that was there before counts nothing. */
  | { readonly kind: "kept"; readonly inserted: number; readonly nextOffset: bigint }
  /** The batch starts above what was kept: keeping it would lose what is in between. */
  | { readonly kind: "gap"; readonly nextOffset: bigint }
  /** Nobody prepared this partition's progress, or it belongs to another Kafka cluster. */
  | { readonly kind: "not_admitted" };

/** Where events become deliveries. */
export interface DeliveryArrivals {
  /**
   * Keeps a batch whole or not at all: its deliveries and the partition's next offset in one commit. `plan` says what
   * to deliver of an event, from who could receive it. Messages that were kept before are skipped, and a delivery
   * that is there already (same event, same receiver) stays as it is, so that an event may come any number of times.
   */
  readonly keep: <Event extends ArrivedEvent>(
    arrival: Arrival<Event>,
    plan: (event: Event, audience: Audience<EndpointTarget>) => readonly NewDelivery[],
  ) => Promise<ArrivalResult>;
}

/** The arrivals of one process. */
export function createDeliveryArrivals(database: Pick<Database, "em">): DeliveryArrivals {
  return {
    keep: (arrival, plan) =>
      database.em().transactional(async (em): Promise<ArrivalResult> => {
        const { topic, partition, clusterId, firstOffset, nextOffset, events } = arrival;
        const progress = await lockProgress(em, topic, partition);
        if (progress === null || progress.clusterId !== clusterId) return { kind: "not_admitted" };
        if (nextOffset <= progress.nextOffset) return { kind: "kept", inserted: 0, nextOffset: progress.nextOffset };
        if (firstOffset > progress.nextOffset) return { kind: "gap", nextOffset: progress.nextOffset };
        const fresh = events.filter(({ offset }) => offset >= progress.nextOffset);
        const audienceOf = await loadAudiences(em, fresh);
        const inserted = await insertDeliveries(
          em,
          fresh.flatMap((event) => plan(event, audienceOf(event))),
        );
        await moveNextOffset(em, { topic, partition, nextOffset });
        return { kind: "kept", inserted, nextOffset };
      }),
  };
}
