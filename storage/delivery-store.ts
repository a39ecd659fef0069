import { SLOT_CLASSES, type SlotClass } from "../domain/webhook/slots.ts";
import type { FailureClass } from "../domain/webhook/verdict.ts";
import { CLAIMED_COLUMNS, type ClaimedDelivery, type ClaimedRow, toClaimed, WISHES } from "./claimed-delivery.ts";
import type { LaneState } from "./entities/webhook-lane.ts";
import { isoTime } from "./mapping/iso-time.ts";
import type { Database } from "./orm.ts";
import { countChanged, runSql, runTogether, type Statement } from "./sql.ts";

/** What a worker may take now. Times are epoch milliseconds. */
export interface ClaimRequest {
  readonly nowMs: number;
  /** The claim holds so long, unless it is extended; then another worker may take the delivery. */
  readonly leaseMs: number;
  /** How many more attempts this worker has room for, and how many of each class. */
  readonly limit: number;
  readonly rooms: { readonly [slotClass in SlotClass]: number };
  /** The same for lanes that it knows something of, and for all others. */
  readonly laneRooms: readonly LaneRoom[];
  readonly otherLanesRoom: number;
  /** What this worker has in flight: it is not taken again. */
  readonly inFlight: readonly string[];
}

export interface LaneRoom {
  readonly lane: string;
  readonly room: number;
  readonly inFlight: number;
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
    /** It was a probe that found the receiver away: parked again, and the attempt does not count. */
    | { readonly kind: "parked"; readonly atMs: number }
    | { readonly kind: "failed" };
}

/** A claim that its worker is still busy with. */
export interface Lease {
  readonly deliveryId: string;
  readonly fence: number;
}

/** What waits now, by what its lanes are. Of one lane no more than 10,000 are counted. */
export interface Backlog {
  readonly due: { readonly [state in LaneState | "flowing"]: number };
  /** For how long the oldest delivery that is due and not begun has been due; 0 of none. */
  readonly oldestMs: number;
  readonly parked: number;
}

/** The deliveries that wait, in Postgres. Every call is one round trip. */
export interface DeliveryStore {
  /**
   * Takes due deliveries, those whose lease ended included: the lanes with the fewest in flight first, of each what
   * matters most, then the oldest. Nothing of a lane that is open. Two workers never get the same one. Empty means that
   * nothing more can be taken now.
   */
  readonly claim: (request: ClaimRequest) => Promise<readonly ClaimedDelivery[]>;
  /** Makes claims hold until then; those that were taken over since are left alone. */
  readonly extend: (leases: readonly Lease[], untilMs: number) => Promise<void>;
  /**
   * Writes results and their attempts, and gives the ids of those that counted. One that is missing came too late:
   * another worker has taken that delivery since, and its result is the one that counts.
   */
  readonly record: (results: readonly AttemptResult[]) => Promise<ReadonlySet<string>>;
  /** What is due and not begun, and what is parked. */
  readonly backlog: (nowMs: number) => Promise<Backlog>;
}

/** The store of one process. */
export function createDeliveryStore(database: Pick<Database, "em">): DeliveryStore {
  return {
    claim: async (request) => {
      const rows = await runSql<ClaimedRow>(database.em(), CLAIM, claimParameters(request));
      return rows.map(toClaimed);
    },
    extend: async (leases, untilMs) => {
      const ids = leases.map(({ deliveryId }) => deliveryId);
      const fences = leases.map(({ fence }) => fence);
      await countChanged(database.em(), EXTEND, [fences, ids, isoTime(untilMs)]);
    },
    record: async (results) => {
      if (results.length === 0) return new Set();
      const isDelivered = ({ next }: AttemptResult) => next.kind === "delivered";
      const recorded = await runTogether(database.em(), [
        recordStatement(RECORD_DELIVERED, results.filter(isDelivered)),
        recordStatement(
          RECORD_FAILED,
          results.filter((result) => !isDelivered(result)),
        ),
      ]);
      return new Set(recorded.flat().map(({ delivery_id }) => delivery_id));
    },
    backlog: async (nowMs) => toBacklog(await runSql<BacklogRow>(database.em(), BACKLOG, [isoTime(nowMs)]), nowMs),
  };
}

const WAITS = "status in ('pending', 'delivering')";

/**
 * Due means: pending and its time has come, or claimed and its lease has ended. The condition stands twice because
 * another worker may have taken a row between the look and the lock; Postgres then judges the newer row again.
 */
const DUE = `${WAITS} and coalesce(lease_until, due_at) <= $1`;

/**
 * Whether it is the turn of `candidate`: of a user's deliveries to an endpoint with strict order one at a time, the first
 * that is not delivered or given up.
 */
export const IN_ORDER = `(
  not is_strict or not exists (
    select from webhook_deliveries as earlier
    where earlier.is_strict and earlier.endpoint_id = candidate.endpoint_id and earlier.user_id = candidate.user_id
      and earlier.sequence < candidate.sequence and earlier.status in ('pending', 'delivering', 'parked')
  ))`;

/**
 * Goes from one lane and class to the next along the index: what it costs depends on how many lanes have something
 * waiting, and not on how much.
 */
const QUEUE = `
  with recursive queue(lane, slot_class) as (
    (select lane, slot_class from webhook_deliveries where ${WAITS} order by lane, slot_class limit 1)
    union all
    select next.lane, next.slot_class from queue cross join lateral (
      select lane, slot_class from webhook_deliveries
      where ${WAITS} and (lane, slot_class) > (queue.lane, queue.slot_class)
      order by lane, slot_class limit 1) as next
  )`;

/** What matters most first, as text would not sort it. */
const PRECEDENCE = `array_position(array['${SLOT_CLASSES.join("', '")}'], slot_class)`;

/** The front of each lane, of what matters most first. */
const CLAIM = `
  ${QUEUE},
  open_queue as (
    select queue.lane, slot_class, coalesce(known.room, $3) as room, coalesce(in_flight, 0) as in_flight
    from queue left join json_to_recordset($2::json) as known(lane text, room int, in_flight int) using (lane)
    where coalesce(known.room, $3) > 0
      and not exists (select from webhook_lanes where webhook_lanes.lane = queue.lane and state = 'open')
  ),
  candidate as (
    select delivery_id, open_queue.slot_class, room, in_flight, at,
      row_number() over (partition by open_queue.lane order by ${PRECEDENCE}, at) as place
    from open_queue cross join lateral (
      select delivery_id, coalesce(lease_until, due_at) as at from webhook_deliveries as candidate
      where ${DUE} and candidate.lane = open_queue.lane and candidate.slot_class = open_queue.slot_class
        and delivery_id <> all($4::text[]) and ${IN_ORDER}
      order by coalesce(lease_until, due_at) limit open_queue.room) as front
  ),
  ranked as (
    select delivery_id, slot_class, row_number() over (partition by slot_class order by in_flight + place, at) as rank
    from candidate where place <= room
  ),
  taken as (
    select delivery_id, endpoint_id, partner, environment, lease_until from webhook_deliveries
    where ${DUE} and delivery_id = any(array(
      select delivery_id from ranked join json_to_recordset($5::json) as class(slot_class text, room int) using (slot_class)
      where rank <= class.room order by ${PRECEDENCE}, rank limit $6))
    for update skip locked
  )
  update webhook_deliveries as claimed
  set status = 'delivering', fence = fence + 1, lease_until = $7
  from taken ${WISHES}
  where claimed.delivery_id = taken.delivery_id
  returning ${CLAIMED_COLUMNS}`;

function claimParameters(request: ClaimRequest): readonly unknown[] {
  const { nowMs, leaseMs, limit, rooms, laneRooms, otherLanesRoom, inFlight } = request;
  const classes = Object.entries(rooms).map(([slotClass, room]) => ({ slot_class: slotClass, room }));
  const lanes = JSON.stringify(laneRooms.map(({ inFlight: in_flight, ...lane }) => ({ ...lane, in_flight })));
  const until = isoTime(nowMs + leaseMs);
  return [isoTime(nowMs), lanes, otherLanesRoom, inFlight, JSON.stringify(classes), limit, until];
}

/**
 * Whether a claim still holds. Only what is being delivered has a lease; said with its status, the index of what is due
 * would be walked with all that has left it since its last vacuum, instead of looking up a few ids.
 */
const HOLDS = (claim: string) => `
  delivery.delivery_id = any($2::text[]) and delivery.delivery_id = ${claim}.delivery_id
  and delivery.fence = ${claim}.fence and delivery.lease_until is not null`;

const EXTEND = `
  update webhook_deliveries as delivery set lease_until = $3
  from unnest($2::text[], $1::int[]) as lease(delivery_id, fence) where ${HOLDS("lease")}`;

const RESULTS = `
  result as (
    select * from json_to_recordset($1::json) as given(
      delivery_id text, fence int, number int, attempts int, status text, due_at timestamptz, parked_at timestamptz,
      delivered_at timestamptz, status_code int, error_class text, started_at timestamptz, duration_ms int,
      answer_excerpt text)
  )`;

const KEEP_ATTEMPTS = `
  insert into webhook_attempts (delivery_id, number, started_at, duration_ms, status_code, error_class, answer_excerpt)
  select delivery_id, number, started_at, duration_ms, status_code, error_class, answer_excerpt
  from result join recorded using (delivery_id)
  returning delivery_id`;

/** Most results are of this kind, and planning is most of what a small statement costs. */
const RECORD_DELIVERED = `
  with ${RESULTS},
  recorded as (
    update webhook_deliveries as delivery
    set status = 'delivered', attempts = result.attempts, lease_until = null, delivered_at = result.delivered_at,
      last_status = result.status_code, last_error_class = null
    from result where ${HOLDS("result")}
    returning delivery.delivery_id
  )
  ${KEEP_ATTEMPTS}`;

/**
 * What is to be tried again waits parked when its endpoint takes nothing any more. What was a probe has been parked for as
 * long as before, or it would never be given up.
 */
const RECORD_FAILED = `
  with ${RESULTS},
  recorded as (
    update webhook_deliveries as delivery
    set status = case when takes_nothing then 'parked' else result.status end,
      parked_at = case
        when takes_nothing then result.started_at
        when result.parked_at is not null then least(result.parked_at, delivery.due_at) end,
      slot_class = case when result.status = 'pending' and slot_class = 'first' then 'retry' else slot_class end,
      attempts = result.attempts, lease_until = null, due_at = coalesce(result.due_at, delivery.due_at),
      last_status = result.status_code, last_error_class = result.error_class
    from result cross join lateral (
      select result.status = 'pending' and exists (
        select from webhook_deliveries as known join webhook_endpoints as endpoint using (endpoint_id)
        where known.delivery_id = result.delivery_id and endpoint.status <> 'enabled') as takes_nothing) as endpoint
    where ${HOLDS("result")}
    returning delivery.delivery_id
  )
  ${KEEP_ATTEMPTS}`;

function recordStatement(sql: string, results: readonly AttemptResult[]): Statement<RecordedRow> | null {
  if (results.length === 0) return null;
  return { sql, parameters: [JSON.stringify(results.map(toResultRow)), results.map(({ deliveryId }) => deliveryId)] };
}

interface RecordedRow {
  readonly delivery_id: string;
}

const NEXT_STATUS = { delivered: "delivered", retry: "pending", parked: "parked", failed: "failed" } as const;

function toResultRow(result: AttemptResult) {
  const { next } = result;
  return {
    delivery_id: result.deliveryId,
    fence: result.fence,
    number: result.number,
    attempts: next.kind === "parked" ? result.number - 1 : result.number,
    status: NEXT_STATUS[next.kind],
    due_at: next.kind === "retry" ? isoTime(next.dueAtMs) : null,
    parked_at: next.kind === "parked" ? isoTime(next.atMs) : null,
    delivered_at: next.kind === "delivered" ? isoTime(next.atMs) : null,
    status_code: result.statusCode,
    error_class: result.failureClass,
    started_at: isoTime(result.startedAtMs),
    duration_ms: result.durationMs,
    answer_excerpt: result.answerExcerpt,
  };
}

interface BacklogRow {
  readonly state: LaneState | "flowing" | "parked";
  readonly due: number;
  readonly oldest: Date | string | null;
}

const COUNTED = 10_000;

const BACKLOG = `
  ${QUEUE}
  select coalesce(state, 'flowing') as state, sum(due)::int as due, min(oldest) as oldest
  from queue left join webhook_lanes using (lane) cross join lateral (
    select count(*) as due, min(due_at) as oldest from (
      select due_at from webhook_deliveries
      where ${WAITS} and webhook_deliveries.lane = queue.lane and webhook_deliveries.slot_class = queue.slot_class
        and coalesce(lease_until, due_at) <= $1 and status = 'pending'
      limit ${COUNTED}) as front) as counted
  group by 1
  union all
  select 'parked', count(*)::int, null from (
    select from webhook_deliveries where status = 'parked' limit ${10 * COUNTED}) as parked`;

function toBacklog(rows: readonly BacklogRow[], nowMs: number): Backlog {
  const count = (state: BacklogRow["state"]) => rows.find((row) => row.state === state)?.due ?? 0;
  const oldest = Math.min(...rows.flatMap((row) => (row.oldest === null ? [] : [new Date(row.oldest).getTime()])));
  return {
    due: { flowing: count("flowing"), open: count("open"), recovering: count("recovering") },
    oldestMs: Number.isFinite(oldest) ? Math.max(0, nowMs - oldest) : 0,
    parked: count("parked"),
  };
}
