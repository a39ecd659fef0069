import type { EntityManager } from "@mikro-orm/postgresql";
import type { Environment } from "../domain/user/user.ts";
import type { Audience, Subscription } from "../domain/webhook/subscriptions.ts";
import type { Database } from "./orm.ts";
import { runSql } from "./sql.ts";
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

/** An enabled endpoint, as it stands when an event arrives. */
export interface EndpointTarget extends Subscription {
  readonly endpointId: string;
  readonly url: string;
}

/** A delivery to be kept: one event to one receiver. */
export interface NewDelivery {
  readonly deliveryId: string;
  readonly eventId: string;
  readonly receiver: { readonly kind: "endpoint" | "link"; readonly id: string };
  readonly lane: string;
  readonly partner: string;
  readonly environment: Environment;
  readonly linkId: string | null;
  readonly url: string;
  readonly eventType: string;
  /** The exact text that is signed and sent. */
  readonly body: string;
  readonly sequence: number;
  readonly userId: string;
  readonly referenceId: string;
  /** The trace of the command that led to the event. */
  readonly traceparent: string | null;
  /** Epoch milliseconds: when it was made and is due. */
  readonly atMs: number;
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
        const inserted = await insert(
          em,
          fresh.flatMap((event) => plan(event, audienceOf(event))),
        );
        await moveNextOffset(em, { topic, partition, nextOffset });
        return { kind: "kept", inserted, nextOffset };
      }),
  };
}

interface EndpointRow {
  readonly endpoint_id: string;
  readonly partner: string;
  readonly environment: Environment;
  readonly url: string;
  readonly events: readonly string[] | null;
}

interface CallbackRow {
  readonly link_id: string;
  readonly callback_url: string;
}

/** Two queries, however many events there are. */
async function loadAudiences(
  em: EntityManager,
  events: readonly ArrivedEvent[],
): Promise<(event: ArrivedEvent) => Audience<EndpointTarget>> {
  const partners = [...new Set(events.map(({ partner }) => partner))];
  const linkIds = [...new Set(events.flatMap(({ linkId }) => linkId ?? []))];
  if (partners.length === 0) return () => ({ endpoints: [], callbackUrl: null });
  const rows = await runSql<EndpointRow>(em, ENDPOINTS, [partners]);
  const callbacks = linkIds.length === 0 ? [] : await runSql<CallbackRow>(em, CALLBACKS, [linkIds]);
  const callbackOf = new Map(callbacks.map((row) => [row.link_id, row.callback_url]));
  const endpointsOf = Map.groupBy(rows, ({ partner, environment }) => `${partner}/${environment}`);
  return ({ partner, environment, linkId }) => ({
    endpoints: (endpointsOf.get(`${partner}/${environment}`) ?? []).map(toTarget),
    callbackUrl: callbackOf.get(linkId ?? "") ?? null,
  });
}

const ENDPOINTS = `
  select endpoint_id, partner, environment, url, events from webhook_endpoints
  where partner = any($1) and status = 'enabled' and deleted_at is null
  order by created_at, endpoint_id`;

const CALLBACKS = "select link_id, callback_url from links where link_id = any($1) and callback_url is not null";

function toTarget({ endpoint_id: endpointId, url, events }: EndpointRow): EndpointTarget {
  return { endpointId, url, events };
}

async function insert(em: EntityManager, deliveries: readonly NewDelivery[]): Promise<number> {
  if (deliveries.length === 0) return 0;
  const rows = await runSql(em, INSERT, [JSON.stringify(deliveries.map(toRow))]);
  return rows.length;
}

const INSERT = `
  insert into webhook_deliveries (delivery_id, event_id, receiver, lane, partner, environment, endpoint_id, link_id, url,
    event_type, body, sequence, user_id, reference_id, traceparent, status, attempts, due_at, fence, created_at)
  select delivery_id, event_id, receiver, lane, partner, environment, endpoint_id, link_id, url,
    event_type, body, sequence, user_id, reference_id, traceparent, 'pending', 0, at, 0, at
  from json_to_recordset($1::json) as given(
    delivery_id text, event_id text, receiver text, lane text, partner text, environment text, endpoint_id text,
    link_id text, url text, event_type text, body text, sequence int, user_id text, reference_id text,
    traceparent text, at timestamptz)
  on conflict (event_id, receiver, replay_id) do nothing
  returning delivery_id`;

function toRow({ receiver, ...delivery }: NewDelivery) {
  return {
    delivery_id: delivery.deliveryId,
    event_id: delivery.eventId,
    receiver: `${receiver.kind}:${receiver.id}`,
    lane: delivery.lane,
    partner: delivery.partner,
    environment: delivery.environment,
    endpoint_id: receiver.kind === "endpoint" ? receiver.id : null,
    link_id: delivery.linkId,
    url: delivery.url,
    event_type: delivery.eventType,
    body: delivery.body,
    sequence: delivery.sequence,
    user_id: delivery.userId,
    reference_id: delivery.referenceId,
    traceparent: delivery.traceparent,
    at: new Date(delivery.atMs).toISOString(),
  };
}
