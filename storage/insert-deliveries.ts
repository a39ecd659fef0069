import type { EntityManager } from "@mikro-orm/postgresql";
import type { Environment } from "../domain/user/user.ts";
import type { Target } from "../domain/webhook/targets.ts";
import { tellDue } from "./due-hints.ts";
import type { DeliveryCause, DeliveryStatus } from "./entities/webhook-delivery.ts";
import { runSql, type Statement } from "./sql.ts";

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
 * A new delivery that its worker may take along: it is inserted as claimed, and sent at once. With an open lane it is parked
 * instead.
 */
export interface ArrivingDelivery extends NewDelivery {
  readonly isTaken: boolean;
  readonly isLaneOpen: boolean;
}

/** A delivery that is in the table now and was not before: one that was taken along is `delivering`. */
export interface InsertedDelivery {
  readonly deliveryId: string;
  readonly status: DeliveryStatus;
}

/**
 * Keeps new deliveries and gives how many there were: one that is there already (same event, receiver and replay) stays
 * as it is. Those of a paused endpoint are parked, all others are due at once, and the webhooks consumers are told.
 */
export async function insertDeliveries(em: EntityManager, deliveries: readonly NewDelivery[]): Promise<number> {
  if (deliveries.length === 0) return 0;
  const untaken = deliveries.map((delivery) => ({ ...delivery, isTaken: false, isLaneOpen: false }));
  const { sql, parameters } = insertStatement(untaken, 0);
  const rows = await runSql(em, sql, parameters);
  await tellDue(em);
  return rows.length;
}

/** The same for deliveries some of which are taken along; their claims hold until `leaseUntilMs`. */
export function insertStatement(deliveries: readonly ArrivingDelivery[], leaseUntilMs: number): Statement<InsertedRow> {
  return { sql: INSERT, parameters: [JSON.stringify(deliveries.map(toRow)), new Date(leaseUntilMs).toISOString()] };
}

/** Reads a row. */
export function toInserted(row: InsertedRow): InsertedDelivery {
  return { deliveryId: row.delivery_id, status: row.status };
}

interface InsertedRow {
  readonly delivery_id: string;
  readonly status: DeliveryStatus;
}

const INSERT = `
  insert into webhook_deliveries (delivery_id, event_id, receiver, lane, partner, environment, endpoint_id, link_id,
    url, event_type, body, sequence, user_id, reference_id, traceparent, cause, replay_id, slot_class, is_strict,
    status, parked_at, lease_until, fence, attempts, due_at, created_at)
  select delivery_id, event_id, receiver, lane, partner, environment, endpoint_id, link_id, url,
    event_type, body, sequence, user_id, reference_id, traceparent, cause, replay_id, slot_class, is_strict,
    status, case status when 'parked' then at end, case status when 'delivering' then $2::timestamptz end,
    case status when 'delivering' then 1 else 0 end, 0, at, at
  from json_to_recordset($1::json) as given(
    delivery_id text, event_id text, receiver text, lane text, partner text, environment text, endpoint_id text,
    link_id text, url text, event_type text, body text, sequence int, user_id text, reference_id text,
    traceparent text, cause text, replay_id text, slot_class text, is_strict boolean, status text, at timestamptz)
  on conflict (event_id, receiver, replay_id) do nothing
  returning delivery_id, status`;

function statusOf({ isPaused, isLaneOpen, isTaken }: ArrivingDelivery): DeliveryStatus {
  if (isPaused || isLaneOpen) return "parked";
  return isTaken ? "delivering" : "pending";
}

function toRow(delivery: ArrivingDelivery) {
  const { receiver } = delivery;
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
    slot_class: delivery.replayId === null ? "first" : "replay",
    is_strict: delivery.isStrict && delivery.userId !== null,
    status: statusOf(delivery),
    at: new Date(delivery.atMs).toISOString(),
  };
}
