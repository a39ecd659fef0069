import type { EntityManager } from "@mikro-orm/postgresql";
import { FAILURE_SENTENCES, type FailureClass } from "../../domain/webhook/verdict.ts";
import type { DeliveryCause, DeliveryStatus } from "../entities/webhook-delivery.ts";
import { isoTime } from "../mapping/iso-time.ts";
import type { Scope } from "../scope.ts";
import { runSql } from "../sql.ts";

/** Which deliveries to show; null everywhere shows all. */
export interface DeliverySearch {
  readonly endpointId: string | null;
  readonly status: string | null;
  /** An event type. */
  readonly event: string | null;
  /** The `nextCursor` of the page before. */
  readonly cursor: string | null;
  readonly limit: number;
}

/** One try of a delivery. */
export interface ShownAttempt {
  readonly number: number;
  readonly at: string;
  readonly durationMs: number;
  /** The status of the answer; null when none came. */
  readonly status: number | null;
  /** The first KiB of the answer; null when none came. */
  readonly answer: string | null;
  /** Why it failed; null when it was delivered. */
  readonly error: FailureClass | null;
  /** The same in a sentence, with the way out. */
  readonly explanation: string | null;
}

/** One event to one receiver, with its attempts, the first first. */
export interface ShownDelivery {
  readonly deliveryId: string;
  readonly eventId: string;
  readonly event: string;
  readonly url: string;
  /** Null for a delivery to a link's callbackUrl. */
  readonly endpointId: string | null;
  readonly linkId: string | null;
  readonly status: DeliveryStatus;
  readonly cause: DeliveryCause;
  /** What asked for it again; null for the first delivery of an event and for a test. */
  readonly replayId: string | null;
  /** Since when it waits for its endpoint to be enabled or to answer again; null when it does not. */
  readonly parkedAt: string | null;
  readonly createdAt: string;
  readonly deliveredAt: string | null;
  /** When the next attempt is due; null when there is none to come. */
  readonly nextAttemptAt: string | null;
  readonly attempts: readonly ShownAttempt[];
}

export interface DeliveryPage {
  readonly items: readonly ShownDelivery[];
  /** Asks for the page behind this one; null when this is the last. */
  readonly nextCursor: string | null;
}

/** A partner's deliveries, newest first (H6: the failed ones stay listed). Null when the cursor is none of ours. */
export async function listWebhookDeliveries(
  em: EntityManager,
  scope: Scope,
  search: DeliverySearch,
): Promise<DeliveryPage | null> {
  const after = search.cursor === null ? NEWEST : readCursor(search.cursor);
  if (after === null) return null;
  const { endpointId, status, event, limit } = search;
  const parameters = [scope.partner, scope.environment, endpointId, status, event, after.createdAt, after.deliveryId];
  // One more than asked for tells whether there is another page.
  const found = await runSql<DeliveryRow>(em, DELIVERIES, [...parameters, limit + 1]);
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  const attempts = last === undefined ? [] : await attemptsOfRows(em, rows, last);
  const attemptsOf = Map.groupBy(attempts, ({ delivery_id }) => delivery_id);
  return {
    items: rows.map((row) => toShown(row, attemptsOf.get(row.delivery_id) ?? [])),
    nextCursor: found.length > limit && last !== undefined ? writeCursor(last) : null,
  };
}

interface Place {
  readonly createdAt: string;
  readonly deliveryId: string;
}

const NEWEST: Place = { createdAt: "infinity", deliveryId: "" };
const PLACE = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z) ([a-z0-9_-]+)$/;

function writeCursor({ created_at, delivery_id }: DeliveryRow): string {
  return Buffer.from(`${isoTime(created_at)} ${delivery_id}`).toString("base64url");
}

function readCursor(cursor: string): Place | null {
  const [, createdAt, deliveryId] = PLACE.exec(Buffer.from(cursor, "base64url").toString()) ?? [];
  if (createdAt === undefined || deliveryId === undefined || !isMoment(createdAt)) return null;
  return { createdAt, deliveryId };
}

/** A day that no calendar has would be an error in Postgres. */
function isMoment(text: string): boolean {
  const epochMs = Date.parse(text);
  return !Number.isNaN(epochMs) && new Date(epochMs).toISOString() === text;
}

interface DeliveryRow {
  readonly delivery_id: string;
  readonly event_id: string;
  readonly event_type: string;
  readonly url: string;
  readonly endpoint_id: string | null;
  readonly link_id: string | null;
  readonly status: DeliveryStatus;
  readonly cause: DeliveryCause;
  readonly replay_id: string | null;
  readonly parked_at: string | null;
  readonly created_at: string;
  readonly delivered_at: string | null;
  readonly due_at: string;
}

const DELIVERIES = `
  select delivery_id, event_id, event_type, url, endpoint_id, link_id, status, cause, replay_id, parked_at, created_at,
    delivered_at, due_at
  from webhook_deliveries
  where partner = $1 and environment = $2
    and ($3::text is null or endpoint_id = $3) and ($4::text is null or status = $4)
    and ($5::text is null or event_type = $5)
    and (created_at, delivery_id) < ($6::timestamptz, $7)
  order by created_at desc, delivery_id desc limit $8`;

interface AttemptRow {
  readonly delivery_id: string;
  readonly number: number;
  readonly started_at: string;
  readonly duration_ms: number;
  readonly status_code: number | null;
  readonly error_class: FailureClass | null;
  readonly answer_excerpt: string | null;
}

/**
 * No attempt is older than its delivery, so days before the oldest delivery of the page are not looked into; a day more
 * for clocks that do not agree. Those whose day was dropped are gone: their delivery is shown without them.
 */
function attemptsOfRows(em: EntityManager, rows: readonly DeliveryRow[], oldest: DeliveryRow): Promise<AttemptRow[]> {
  return runSql<AttemptRow>(em, ATTEMPTS, [rows.map(({ delivery_id }) => delivery_id), oldest.created_at]);
}

const ATTEMPTS = `
  select delivery_id, number, started_at, duration_ms, status_code, error_class, answer_excerpt
  from webhook_attempts where delivery_id = any($1) and started_at >= $2::timestamptz - interval '1 day'
  order by delivery_id, number, started_at`;

function toShown(row: DeliveryRow, attempts: readonly AttemptRow[]): ShownDelivery {
  const hasNext = row.status === "pending" || row.status === "delivering";
  return {
    deliveryId: row.delivery_id,
    eventId: row.event_id,
    event: row.event_type,
    url: row.url,
    endpointId: row.endpoint_id,
    linkId: row.link_id,
    status: row.status,
    cause: row.cause,
    replayId: row.replay_id,
    parkedAt: row.parked_at === null ? null : isoTime(row.parked_at),
    createdAt: isoTime(row.created_at),
    deliveredAt: row.delivered_at === null ? null : isoTime(row.delivered_at),
    nextAttemptAt: hasNext ? isoTime(row.due_at) : null,
    attempts: attempts.map(toShownAttempt),
  };
}

function toShownAttempt(row: AttemptRow): ShownAttempt {
  const { number, duration_ms: durationMs, status_code: status, answer_excerpt: answer, error_class: error } = row;
  const explanation = error === null ? null : FAILURE_SENTENCES[error];
  return { number, at: isoTime(row.started_at), durationMs, status, answer, error, explanation };
}
