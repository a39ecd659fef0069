import type { Environment } from "../domain/user/user.ts";
import type { FailureClass } from "../domain/webhook/verdict.ts";
import type { SealedSecret } from "./entities/webhook-endpoint.ts";
import type { Database } from "./orm.ts";
import { runSql } from "./sql.ts";

/** What a worker may take now. Times are epoch milliseconds. */
export interface ClaimRequest {
  readonly nowMs: number;
  /** The claim holds so long; then another worker may take the delivery. Longer than an attempt can last. */
  readonly leaseMs: number;
  readonly limit: number;
  /** No lane gets more than so many of this worker's attempts at a time. */
  readonly perLane: number;
  /** What this worker has in flight: it is not taken again, and counts for its lane. */
  readonly inFlight: readonly { readonly deliveryId: string; readonly lane: string }[];
}

/** A delivery that this worker alone may attempt until its lease ends, with what the attempt needs. */
export interface ClaimedDelivery {
  readonly deliveryId: string;
  /** Names the claim: a result is only written while it is the newest. */
  readonly fence: number;
  /** Which attempt this is, from 1. */
  readonly number: number;
  readonly lane: string;
  readonly partner: string;
  readonly environment: Environment;
  readonly eventId: string;
  readonly eventType: string;
  readonly url: string;
  readonly body: string;
  /** The event's place among those of its user, from 1; 0 of an event that is about no user. */
  readonly sequence: number;
  readonly traceparent: string | null;
  /** When its event became a delivery, epoch milliseconds. */
  readonly acceptedAtMs: number;
  /** It was claimed before, and nobody wrote down what came of it: its receiver may have had it already. */
  readonly isTakenOver: boolean;
  /** The endpoint that it goes to was deleted since. */
  readonly isReceiverRemoved: boolean;
  /** The endpoint's delays after each failure; null means the documented ones. */
  readonly delaysMs: readonly number[] | null;
  /** The endpoint's limit of attempts per second; null: none. */
  readonly rateLimit: number | null;
  /** Others of the same user wait behind this one. */
  readonly isStrict: boolean;
  /** The endpoint's secrets, or the partner's for a callbackUrl; newest first. */
  readonly sealedSecrets: readonly SealedSecret[];
}

/** What an attempt came to and what follows from it. */
export interface AttemptResult {
  readonly deliveryId: string;
  readonly fence: number;
  readonly number: number;
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly statusCode: number | null;
  /** Null when it was delivered. */
  readonly failureClass: FailureClass | null;
  readonly answerExcerpt: string | null;
  readonly next:
    | { readonly kind: "delivered"; readonly atMs: number }
    | { readonly kind: "retry"; readonly dueAtMs: number }
    | { readonly kind: "failed" };
}

/** The deliveries that wait, in Postgres. Every call is one statement. */
export interface DeliveryStore {
  /**
   * Takes due deliveries, those whose lease ended included: the lanes with the fewest in flight first, the oldest of
   * each first. Two workers never get the same one. Empty means that nothing more can be taken now.
   */
  readonly claim: (request: ClaimRequest) => Promise<readonly ClaimedDelivery[]>;
  /**
   * Writes results and their attempts, and gives the ids of those that counted. One that is missing came too late:
   * another worker has taken that delivery since, and its result is the one that counts.
   */
  readonly record: (results: readonly AttemptResult[]) => Promise<ReadonlySet<string>>;
  /** How many deliveries are due and not begun, and for how long the oldest of them has been (0 of none). */
  readonly countDue: (nowMs: number) => Promise<{ readonly due: number; readonly oldestMs: number }>;
}

/** The store of one process. */
export function createDeliveryStore(database: Pick<Database, "em">): DeliveryStore {
  return {
    claim: async (request) => {
      const rows = await runSql<ClaimedRow>(database.em(), CLAIM, claimParameters(request));
      return rows.map(toClaimed);
    },
    record: async (results) => {
      if (results.length === 0) return new Set();
      const parameters = [JSON.stringify(results.map(toResultRow))];
      const rows = await runSql<{ delivery_id: string }>(database.em(), RECORD, parameters);
      return new Set(rows.map(({ delivery_id }) => delivery_id));
    },
    countDue: async (nowMs) => {
      const [row] = await runSql<DueRow>(database.em(), COUNT_DUE, [isoTime(nowMs)]);
      const oldestMs = row?.oldest == null ? 0 : Math.max(0, nowMs - new Date(row.oldest).getTime());
      return { due: Number(row?.due ?? 0), oldestMs };
    },
  };
}

/** So many of the longest due are looked at to be fair between lanes; lanes that are full are not among them. */
const WINDOW = 1_000;

/**
 * Due means: pending and its time has come, or claimed and its lease has ended. The condition stands twice because
 * another worker may have taken a row between the look and the lock; Postgres then judges the newer row again.
 */
const DUE = "status in ('pending', 'delivering') and coalesce(lease_until, due_at) <= $1";

/** An endpoint with strict order has one delivery of a user at a time: the first that is not delivered or given up. */
const IN_ORDER = `(
  endpoint_id is null or user_id is null
  or endpoint_id <> all(array(select endpoint_id from webhook_endpoints where strict_order))
  or not exists (
    select from webhook_deliveries as earlier
    where earlier.endpoint_id = candidate.endpoint_id and earlier.user_id = candidate.user_id
      and earlier.sequence < candidate.sequence and earlier.status in ('pending', 'delivering', 'parked')
  ))`;

const CLAIM = `
  with busy as (
    select lane, count(*) as in_flight from json_to_recordset($2::json) as mine(lane text) group by lane
  ),
  due as (
    select delivery_id, lane, coalesce(lease_until, due_at) as at from webhook_deliveries as candidate
    where ${DUE} and ${IN_ORDER} and delivery_id <> all($3::text[])
      and lane <> all(array(select lane from busy where in_flight >= $4))
    order by coalesce(lease_until, due_at) limit ${WINDOW}
  ),
  ranked as (
    select delivery_id, at,
      coalesce(in_flight, 0) + row_number() over (partition by lane order by at) as place
    from due left join busy using (lane)
  ),
  chosen as (
    select delivery_id from ranked where place <= $4 order by place, at limit $5
  ),
  taken as (
    select delivery_id, endpoint_id, partner, environment, lease_until from webhook_deliveries
    where ${DUE} and delivery_id in (select delivery_id from chosen)
    for update skip locked
  )
  update webhook_deliveries as claimed
  set status = 'delivering', fence = fence + 1, lease_until = $6
  from taken
    left join webhook_endpoints as endpoint on endpoint.endpoint_id = taken.endpoint_id
    left join webhook_secrets as secret on taken.endpoint_id is null
      and secret.partner = taken.partner and secret.environment = taken.environment
  where claimed.delivery_id = taken.delivery_id
  returning claimed.delivery_id, claimed.fence, claimed.attempts, claimed.lane, claimed.partner, claimed.environment,
    claimed.event_id, claimed.event_type, claimed.url, claimed.body, claimed.sequence,
    claimed.traceparent, claimed.created_at, taken.lease_until is not null as is_taken_over,
    endpoint.schedule, endpoint.rate_limit, coalesce(endpoint.strict_order, false) as is_strict,
    taken.endpoint_id is not null and (endpoint.endpoint_id is null or endpoint.deleted_at is not null) as is_removed,
    coalesce(endpoint.sealed_secrets, secret.sealed_secrets) as sealed_secrets`;

function claimParameters({ nowMs, leaseMs, limit, perLane, inFlight }: ClaimRequest): readonly unknown[] {
  const lanes = JSON.stringify(inFlight.map(({ lane }) => ({ lane })));
  const ids = inFlight.map(({ deliveryId }) => deliveryId);
  return [isoTime(nowMs), lanes, ids, perLane, limit, isoTime(nowMs + leaseMs)];
}

interface ClaimedRow {
  readonly delivery_id: string;
  readonly fence: number;
  readonly attempts: number;
  readonly lane: string;
  readonly partner: string;
  readonly environment: Environment;
  readonly event_id: string;
  readonly event_type: string;
  readonly url: string;
  readonly body: string;
  readonly sequence: number;
  readonly traceparent: string | null;
  readonly created_at: Date;
  readonly is_taken_over: boolean;
  readonly schedule: readonly number[] | null;
  readonly rate_limit: number | null;
  readonly is_strict: boolean;
  readonly is_removed: boolean;
  readonly sealed_secrets: readonly SealedSecret[] | null;
}

function toClaimed(row: ClaimedRow): ClaimedDelivery {
  return {
    deliveryId: row.delivery_id,
    fence: row.fence,
    number: row.attempts + 1,
    lane: row.lane,
    partner: row.partner,
    environment: row.environment,
    eventId: row.event_id,
    eventType: row.event_type,
    url: row.url,
    body: row.body,
    sequence: row.sequence,
    traceparent: row.traceparent,
    acceptedAtMs: new Date(row.created_at).getTime(),
    isTakenOver: row.is_taken_over,
    isReceiverRemoved: row.is_removed,
    delaysMs: row.schedule,
    rateLimit: row.rate_limit,
    isStrict: row.is_strict,
    sealedSecrets: row.sealed_secrets ?? [],
  };
}

const RECORD = `
  with result as (
    select * from json_to_recordset($1::json) as given(
      delivery_id text, fence int, number int, status text, due_at timestamptz, delivered_at timestamptz,
      status_code int, error_class text, started_at timestamptz, duration_ms int, answer_excerpt text)
  ),
  recorded as (
    update webhook_deliveries as delivery
    set status = case when result.status = 'pending' and endpoint.status <> 'enabled' then 'parked' else result.status end,
      parked_at = case when result.status = 'pending' and endpoint.status <> 'enabled' then result.started_at end,
      attempts = result.number, lease_until = null,
      due_at = coalesce(result.due_at, delivery.due_at), delivered_at = result.delivered_at,
      last_status = result.status_code, last_error_class = result.error_class
    from result
      join webhook_deliveries as known on known.delivery_id = result.delivery_id
      left join webhook_endpoints as endpoint on endpoint.endpoint_id = known.endpoint_id
    where delivery.delivery_id = result.delivery_id and delivery.fence = result.fence
      and delivery.status = 'delivering'
    returning delivery.delivery_id
  )
  insert into webhook_attempts (delivery_id, number, started_at, duration_ms, status_code, error_class, answer_excerpt)
  select delivery_id, number, started_at, duration_ms, status_code, error_class, answer_excerpt
  from result join recorded using (delivery_id)
  returning delivery_id`;

const NEXT_STATUS = { delivered: "delivered", retry: "pending", failed: "failed" } as const;

function toResultRow(result: AttemptResult) {
  const { next } = result;
  return {
    delivery_id: result.deliveryId,
    fence: result.fence,
    number: result.number,
    status: NEXT_STATUS[next.kind],
    due_at: next.kind === "retry" ? isoTime(next.dueAtMs) : null,
    delivered_at: next.kind === "delivered" ? isoTime(next.atMs) : null,
    status_code: result.statusCode,
    error_class: result.failureClass,
    started_at: isoTime(result.startedAtMs),
    duration_ms: result.durationMs,
    answer_excerpt: result.answerExcerpt,
  };
}

interface DueRow {
  readonly due: string;
  readonly oldest: Date | null;
}

const COUNT_DUE = `
  select count(*) as due, min(coalesce(lease_until, due_at)) as oldest from webhook_deliveries
  where status = 'pending' and coalesce(lease_until, due_at) <= $1`;

function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
