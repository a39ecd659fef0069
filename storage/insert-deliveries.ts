import type { EntityManager } from "@mikro-orm/postgresql";
import type { Environment } from "../domain/user/user.ts";
import type { Target } from "../domain/webhook/targets.ts";
import type { DeliveryCause } from "./entities/webhook-delivery.ts";
import { runSql } from "./sql.ts";

/** A delivery to be kept: one event to one receiver. */
export interface NewDelivery extends Target {
  readonly deliveryId: string;
  readonly eventId: string;
  readonly partner: string;
  readonly environment: Environment;
  readonly linkId: string | null;
  readonly eventType: string;
  /** The exact text that is signed and sent. */
  readonly body: string;
  readonly sequence: number;
  /** Null for a test event, which is about no user. */
  readonly userId: string | null;
  readonly referenceId: string | null;
  readonly cause: DeliveryCause;
  /** What asked for it again; null for the first delivery of an event and for a test. */
  readonly replayId: string | null;
  /** The trace of the command that led to the event. */
  readonly traceparent: string | null;
  /** Epoch milliseconds: when it was made and is due. */
  readonly atMs: number;
}

/**
 * Keeps new deliveries and gives how many there were: one that is there already (same event, receiver and replay) stays
 * as it is. Those of a paused endpoint are parked, all others are due at once.
 */
export async function insertDeliveries(em: EntityManager, deliveries: readonly NewDelivery[]): Promise<number> {
  if (deliveries.length === 0) return 0;
  const rows = await runSql(em, INSERT, [JSON.stringify(deliveries.map(toRow))]);
  return rows.length;
}

const INSERT = `
  insert into webhook_deliveries (delivery_id, event_id, receiver, lane, partner, environment, endpoint_id, link_id, url,
    event_type, body, sequence, user_id, reference_id, traceparent, cause, replay_id, status, parked_at, attempts,
    due_at, fence, created_at)
  select delivery_id, event_id, receiver, lane, partner, environment, endpoint_id, link_id, url,
    event_type, body, sequence, user_id, reference_id, traceparent, cause, replay_id,
    case when is_paused then 'parked' else 'pending' end, case when is_paused then at end, 0, at, 0, at
  from json_to_recordset($1::json) as given(
    delivery_id text, event_id text, receiver text, lane text, partner text, environment text, endpoint_id text,
    link_id text, url text, event_type text, body text, sequence int, user_id text, reference_id text,
    traceparent text, cause text, replay_id text, is_paused boolean, at timestamptz)
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
    cause: delivery.cause,
    replay_id: delivery.replayId,
    is_paused: delivery.isPaused,
    at: new Date(delivery.atMs).toISOString(),
  };
}
