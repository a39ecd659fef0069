import type { EntityManager } from "@mikro-orm/postgresql";
import type { Environment } from "../domain/user/user.ts";
import { isReplayed, nextStepInMs, nextStepSize, type PastDeliveries } from "../domain/webhook/replay.ts";
import { redeliver } from "./configuration/redeliveries.ts";
import type { ReplayCursor, ReplayFilter } from "./entities/webhook-replay.ts";
import type { Database } from "./orm.ts";
import { cursorAt, nextPastEvents, type PastEvent } from "./queries/past-events.ts";
import { countChanged, runSql } from "./sql.ts";

/** What one step came to; null when no replay is due. */
export type ReplayStep = { readonly replayId: string; readonly enqueued: number } | null;

/** The jobs that send events again. */
export interface ReplayStore {
  /**
   * Takes the replay that has waited longest one step further: its next events, their deliveries and how far it is are
   * one transaction, and two workers never have the same replay. So a worker that is killed leaves nothing half done,
   * and no event is sent twice by one replay.
   */
  readonly step: (nowMs: number) => Promise<ReplayStep>;
}

/** The store of one process. */
export function createReplayStore(database: Pick<Database, "em">): ReplayStore {
  return { step: (nowMs) => database.em().transactional((unit) => takeStep(unit, nowMs)) };
}

/** How long a replay rests while as many of its deliveries wait as may. */
const REST_MS = 200;

async function takeStep(unit: EntityManager, nowMs: number): Promise<ReplayStep> {
  const now = new Date(nowMs).toISOString();
  const [row] = await runSql<ReplayRow>(unit, CLAIM, [now]);
  if (row === undefined) return null;
  const { replay_id: replayId, rate } = row;
  if (row.endpoint_status !== "enabled" && row.endpoint_status !== "paused") {
    await countChanged(unit, STOP, [replayId, now, ...stopOf(row.endpoint_status)]);
    return { replayId, enqueued: 0 };
  }
  const limit = nextStepSize(row.waiting, rate);
  const events = limit === 0 ? [] : await nextPastEvents(unit, row, { filter: row.filter, after: row.cursor, limit });
  const enqueued = await enqueue(unit, row, { events, now });
  const last = events.at(-1);
  const isDone = limit > 0 && events.length < limit;
  const restMs = limit === 0 ? REST_MS : nextStepInMs(enqueued, rate);
  await countChanged(unit, MOVE, [
    ...[replayId, JSON.stringify(last === undefined ? row.cursor : cursorAt(last)), events.length, enqueued],
    ...[now, new Date(nowMs + restMs).toISOString(), isDone],
  ]);
  return { replayId, enqueued };
}

/** Why a replay cannot go on, and the state it is left in. */
function stopOf(status: ReplayRow["endpoint_status"]): readonly [state: string, reason: string, isOver: boolean] {
  if (status === null) return ["cancelled", "The endpoint was deleted", true];
  return ["paused", "The endpoint is disabled; enable it, then resume the replay", false];
}

async function enqueue(
  unit: EntityManager,
  row: ReplayRow,
  { events, now }: { readonly events: readonly PastEvent[]; readonly now: string },
): Promise<number> {
  if (events.length === 0) return 0;
  const { endpoint_id: endpointId, replay_id: replayId, filter, kind } = row;
  const ids = events.map(({ eventId }) => eventId);
  const past = await runSql<PastRow>(unit, PAST_DELIVERIES, [`endpoint:${endpointId}`, ids]);
  const pastOf = new Map(past.map((one) => [one.event_id, one]));
  const again = events.filter(({ eventId }) => isReplayed(filter.scope, pastOf.get(eventId) ?? NEVER));
  const deliveries = await redeliver(unit, again, { scope: row, endpointId, cause: kind, replayId, now });
  return deliveries.length;
}

const NEVER: PastDeliveries = { isDelivered: false, isFailed: false, isWaiting: false };

interface PastRow extends PastDeliveries {
  readonly event_id: string;
}

interface ReplayRow {
  readonly replay_id: string;
  readonly partner: string;
  readonly environment: Environment;
  readonly endpoint_id: string;
  readonly kind: "replay" | "recovery";
  readonly filter: ReplayFilter;
  readonly rate: number | null;
  readonly cursor: ReplayCursor | null;
  readonly waiting: number;
  /** Null when the endpoint was deleted. */
  readonly endpoint_status: "enabled" | "paused" | "disabled" | null;
}

const CLAIM = `
  select replay_id, partner, environment, endpoint_id, kind, filter, rate, cursor,
    (select count(*)::int from webhook_deliveries as waiting
      where waiting.replay_id = replay.replay_id and status in ('pending', 'delivering', 'parked')) as waiting,
    (select status from webhook_endpoints as endpoint
      where endpoint.endpoint_id = replay.endpoint_id and deleted_at is null) as endpoint_status
  from webhook_replays as replay
  where state = 'running' and next_at <= $1
  order by next_at limit 1
  for update of replay skip locked`;

const PAST_DELIVERIES = `
  select event_id, bool_or(status = 'delivered') as "isDelivered", bool_or(status = 'failed') as "isFailed",
    bool_or(status in ('pending', 'delivering', 'parked')) as "isWaiting"
  from webhook_deliveries where receiver = $1 and event_id = any($2) group by event_id`;

const MOVE = `
  update webhook_replays set cursor = $2::jsonb, examined = examined + $3, enqueued = enqueued + $4, updated_at = $5,
    next_at = $6, state = case when $7 then 'done' else state end, finished_at = case when $7 then $5::timestamptz end
  where replay_id = $1`;

const STOP = `
  update webhook_replays set updated_at = $2, state = $3, reason = $4,
    finished_at = case when $5 then $2::timestamptz end
  where replay_id = $1`;
