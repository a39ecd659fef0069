import { type FailedProbes, nextRelease, probeDelayMs, RELEASE_EVERY_MS } from "../domain/webhook/breaker.ts";
import { CLAIMED_COLUMNS, type ClaimedDelivery, type ClaimedRow, toClaimed, WISHES } from "./claimed-delivery.ts";
import { IN_ORDER } from "./delivery-store.ts";
import type { LaneState } from "./entities/webhook-lane.ts";
import { isoTime } from "./mapping/iso-time.ts";
import type { Database } from "./orm.ts";
import { countChanged, runSql } from "./sql.ts";

/** A lane whose receiver was found away. Times are epoch milliseconds. */
export interface AwayLane {
  readonly lane: string;
  readonly nowMs: number;
  readonly retryAfterMs: number | null;
  readonly random: number;
}

/** What a step of recovery came to, by lane. */
export interface Released {
  readonly lane: string;
  readonly released: number;
  /** Nothing of it is parked any more: the lane flows as if nothing had been. */
  readonly isOver: boolean;
}

/** How lanes are that are not as they should be: one truth for all processes, in Postgres. */
export interface LaneStore {
  /** The lanes that are open or recovering; all others flow. */
  readonly states: () => Promise<ReadonlyMap<string, LaneState>>;
  /** Opens a lane: it rests until its first probe. One that is open stays as it is; false then. */
  readonly open: (lane: AwayLane) => Promise<boolean>;
  /** A probe found the receiver away once more: the lane rests for longer. */
  readonly probeFailed: (lane: AwayLane) => Promise<void>;
  /** The receiver is there: an open lane begins to recover. False when it was not open. */
  readonly close: (lane: string, nowMs: number) => Promise<boolean>;
  /**
   * One delivery of each open lane whose time for a probe has come, claimed as a worker claims; no other process probes
   * the lane until the claim ends. Strict order holds for probes too. A lane for which nothing waits any more flows again. Endpoints that are not enabled are
   * left alone.
   */
  readonly probes: (request: ProbeRequest) => Promise<readonly ClaimedDelivery[]>;
  /** Parks what is due for open lanes, the longest due first, at most so many; gives how many. No attempt is spent. */
  readonly park: (nowMs: number, limit: number) => Promise<number>;
  /** One step of every recovering lane whose time for it has come. */
  readonly release: (nowMs: number) => Promise<readonly Released[]>;
  /** Gives up what was parked before this moment: failed, and still to be replayed. Gives how many, at most `limit`. */
  readonly giveUp: (parkedBeforeMs: number, limit: number) => Promise<number>;
}

export interface ProbeRequest {
  readonly nowMs: number;
  readonly leaseMs: number;
  readonly limit: number;
}

/** The lanes of all processes. */
export function createLaneStore(database: Pick<Database, "em">): LaneStore {
  return {
    states: async () => {
      const rows = await runSql<StateRow>(database.em(), "select lane, state from webhook_lanes", []);
      return new Map(rows.map(({ lane, state }) => [lane, state]));
    },
    open: async ({ lane, nowMs, ...probe }) => {
      const nextAt = isoTime(nowMs + probeDelayMs({ ...probe, count: 0 }));
      return (await countChanged(database.em(), OPEN, [lane, isoTime(nowMs), nextAt])) > 0;
    },
    probeFailed: (away) => delayProbe(database, away),
    close: async (lane, nowMs) => (await countChanged(database.em(), CLOSE, [lane, isoTime(nowMs)])) > 0,
    probes: async ({ nowMs, leaseMs, limit }) => {
      const until = isoTime(nowMs + leaseMs);
      const rows = await runSql<ClaimedRow>(database.em(), PROBES, [isoTime(nowMs), until, limit]);
      return rows.map(toClaimed);
    },
    park: (nowMs, limit) => countChanged(database.em(), PARK, [isoTime(nowMs), limit]),
    release: (nowMs) => releaseAll(database, nowMs),
    giveUp: (beforeMs, limit) => countChanged(database.em(), GIVE_UP, [isoTime(beforeMs), limit]),
  };
}

interface StateRow {
  readonly lane: string;
  readonly state: LaneState;
}

const OPEN = `
  insert into webhook_lanes (lane, state, since, next_at) values ($1, 'open', $2, $3)
  on conflict (lane) do update
  set state = 'open', since = excluded.since, next_at = excluded.next_at, failed_probes = 0, release_step = 0
  where webhook_lanes.state <> 'open'`;

const CLOSE = `
  update webhook_lanes set state = 'recovering', since = $2, next_at = $2, failed_probes = 0, release_step = 0
  where lane = $1 and state = 'open'`;

async function delayProbe(
  database: Pick<Database, "em">,
  { lane, nowMs, ...probe }: AwayLane & Omit<FailedProbes, "count">,
): Promise<void> {
  await database.em().transactional(async (unit) => {
    const [row] = await runSql<{ readonly failed_probes: number }>(unit, LOCK_OPEN, [lane]);
    if (row === undefined) return;
    const count = row.failed_probes + 1;
    const nextAt = isoTime(nowMs + probeDelayMs({ ...probe, count }));
    await countChanged(unit, "update webhook_lanes set failed_probes = $2, next_at = $3 where lane = $1", [
      ...[lane, count, nextAt],
    ]);
  });
}

const LOCK_OPEN = "select failed_probes from webhook_lanes where lane = $1 and state = 'open' for update";

/** An endpoint that is paused or disabled takes nothing; one that was deleted lets go what ends as `receiver_removed`. */
const TAKES_NOTHING = `exists (
    select from webhook_endpoints as endpoint
    where 'endpoint:' || endpoint.endpoint_id = lane.lane and endpoint.status <> 'enabled' and endpoint.deleted_at is null)`;

const PROBES = `
  with due as (
    select lane from webhook_lanes as lane where state = 'open' and next_at <= $1 and not ${TAKES_NOTHING}
    order by next_at limit $3 for update skip locked
  ),
  found as (
    select due.lane, waiting.delivery_id from due left join lateral (
      (select delivery_id, 0 as place from webhook_deliveries as candidate
        where lane = due.lane and status = 'parked' and ${IN_ORDER} order by created_at limit 1)
      union all
      (select delivery_id, 1 from webhook_deliveries as candidate
        where lane = due.lane and status = 'pending' and ${IN_ORDER} order by due_at limit 1)
      order by place limit 1
    ) as waiting on true
  ),
  empty as (
    select lane from found where not exists (
      select from webhook_deliveries
      where webhook_deliveries.lane = found.lane and status in ('pending', 'delivering', 'parked'))
  ),
  flows_again as (delete from webhook_lanes where lane in (select lane from empty)),
  probed as (
    update webhook_lanes set next_at = $2
    where lane in (select lane from found) and lane not in (select lane from empty)
  ),
  taken as (
    select delivery_id, endpoint_id, partner, environment, lease_until from webhook_deliveries
    where delivery_id in (select delivery_id from found) and status in ('pending', 'parked') for update skip locked
  )
  update webhook_deliveries as claimed
  set status = 'delivering', fence = fence + 1, parked_at = null, lease_until = $2
  from taken ${WISHES}
  where claimed.delivery_id = taken.delivery_id
  returning ${CLAIMED_COLUMNS}`;

const PARK = `
  update webhook_deliveries set status = 'parked', parked_at = $1
  where delivery_id in (
    select due.delivery_id from webhook_lanes as lane cross join lateral (
      select delivery_id from webhook_deliveries as waiting
      where waiting.lane = lane.lane and status = 'pending' and due_at <= $1
      order by due_at limit $2 for update skip locked
    ) as due
    where state = 'open' limit $2)`;

/** A step each, for as many lanes as one transaction holds. */
const LANES_PER_STEP = 50;

async function releaseAll(database: Pick<Database, "em">, nowMs: number): Promise<readonly Released[]> {
  const now = isoTime(nowMs);
  return database.em().transactional(async (unit) => {
    const rows = await runSql<RecoveringRow>(unit, RECOVERING, [now, LANES_PER_STEP]);
    const steps = rows.map(({ lane, release_step, waiting }) => ({ lane, ...nextRelease(release_step, waiting) }));
    if (steps.length === 0) return [];
    const released = await runSql<ReleasedRow>(unit, RELEASE, [
      ...[now, JSON.stringify(steps), isoTime(nowMs + RELEASE_EVERY_MS)],
    ]);
    return released.map(({ lane, released: count, is_over: isOver }) => ({ lane, released: count, isOver }));
  });
}

interface RecoveringRow {
  readonly lane: string;
  readonly release_step: number;
  /** Of the lane, due and not begun; no more than matter are counted. */
  readonly waiting: number;
}

interface ReleasedRow {
  readonly lane: string;
  readonly released: number;
  readonly is_over: boolean;
}

const RECOVERING = `
  select lane.lane, release_step, (
      select count(*)::int from (
        select from webhook_deliveries as due
        where due.lane = lane.lane and status = 'pending' and due_at <= $1 limit 1000) as front) as waiting
  from webhook_lanes as lane where state = 'recovering' and next_at <= $1 and not ${TAKES_NOTHING}
  order by next_at limit $2 for update skip locked`;

/** Those that came first go first, but behind what happens now. */
const RELEASE = `
  with step as (select * from json_to_recordset($2::json) as given(lane text, step int, release int)),
  chosen as (
    select parked.delivery_id from step cross join lateral (
      select delivery_id from webhook_deliveries
      where webhook_deliveries.lane = step.lane and status = 'parked'
      order by created_at limit step.release for update skip locked) as parked
  ),
  let_go as (
    update webhook_deliveries set status = 'pending', parked_at = null, due_at = greatest(due_at, $1),
      slot_class = case slot_class when 'first' then 'retry' else slot_class end
    where delivery_id in (select delivery_id from chosen) returning lane
  ),
  counted as (
    select step.*, (select count(*)::int from let_go where let_go.lane = step.lane) as released from step
  ),
  judged as (select *, release > 0 and released = 0 as is_over from counted),
  flows_again as (delete from webhook_lanes where lane in (select lane from judged where is_over)),
  moved as (
    update webhook_lanes set release_step = judged.step, next_at = $3 from judged
    where webhook_lanes.lane = judged.lane and not is_over
  )
  select lane, released, is_over from judged`;

const GIVE_UP = `
  update webhook_deliveries set status = 'failed', parked_at = null, last_error_class = 'parked_too_long'
  where delivery_id in (
    select delivery_id from webhook_deliveries where status = 'parked' and parked_at < $1 limit $2 for update skip locked)`;
