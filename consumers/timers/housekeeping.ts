import type { EntityManager } from "@mikro-orm/postgresql";
import { countChanged } from "../../storage/sql.ts";

/** For how many days those keep what they have that decide it themselves. */
export interface Retention {
  readonly attemptDays: number;
  readonly deliveryDays: number;
}

/** What is too old to be of use, how it is found, and what it is called in the log. */
interface Chore {
  readonly name: string;
  readonly keepMs: (retention: Retention) => number;
  /** Deletes one chunk of what is older than $1. */
  readonly sql: string;
  /** The statement's $2 is the command topic's name. */
  readonly needsTopic?: true;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Nothing here changes a user. Decisions live as long as their commands in Kafka, answers of idempotent requests as long
 * as they may be asked for, and the outbox an hour beyond its publication, for whoever wants to look. Deliveries and
 * replays count from their end, and never go while they wait; the attempts here are those without a partition of their day.
 */
const CHORES: readonly Chore[] = [
  {
    name: "decisions",
    keepMs: () => 7 * DAY_MS,
    sql: `delete from decisions where ctid = any(array(
      select ctid from decisions where decided_at < $1 order by decided_at limit 1000))`,
  },
  {
    name: "idempotency records",
    keepMs: () => DAY_MS,
    sql: `delete from idempotency where ctid = any(array(
      select ctid from idempotency where created_at < $1 order by created_at limit 1000))`,
  },
  {
    name: "outbox rows",
    keepMs: () => HOUR_MS,
    needsTopic: true,
    // The oldest of each partition by the index, never a scan of everything that is still to be published.
    sql: `delete from outbox using (
        select old.id from consumer_progress progress cross join lateral (
          select id, created_at from outbox
          where source_partition = progress.partition and id <= progress.published_through order by id limit 100
        ) old where progress.topic = $2 and old.created_at < $1
      ) found where outbox.id = found.id`,
  },
  {
    name: "attempts",
    keepMs: ({ attemptDays }) => attemptDays * DAY_MS,
    sql: `delete from webhook_attempts_default where ctid = any(array(
      select ctid from webhook_attempts_default where started_at < $1 order by started_at limit 1000))`,
  },
  {
    name: "deliveries",
    keepMs: ({ deliveryDays }) => deliveryDays * DAY_MS,
    // Of a delivery that has ended, due_at says when its last attempt was due: one that waited for weeks stays listed.
    sql: `delete from webhook_deliveries where ctid = any(array(
      select ctid from webhook_deliveries where status in ('delivered', 'failed') and due_at < $1
      order by due_at limit 1000 for update skip locked))`,
  },
  {
    name: "replays",
    keepMs: ({ deliveryDays }) => deliveryDays * DAY_MS,
    sql: `delete from webhook_replays where replay_id in (
      select replay_id from webhook_replays as ended where finished_at < $1 and not exists (
        select from webhook_deliveries as waiting
        where waiting.replay_id = ended.replay_id and status in ('pending', 'delivering', 'parked'))
      order by finished_at limit 100)`,
  },
];

/** A round ends after so many chunks of a chore; the next one goes on. */
const MOST_CHUNKS = 50;

export interface HousekeepingSettings {
  readonly em: () => EntityManager;
  readonly nowMs: number;
  readonly retention: Retention;
  /** The command topic as Kafka has it: whose progress tells what of the outbox is published. */
  readonly commandTopic: string;
  /** Asked before every chunk: false ends it. */
  readonly mayGoOn: () => Promise<boolean>;
}

/** The deleted rows by name, and whether everything too old is gone: else the next round should not be long in coming. */
export interface HouseKept {
  readonly deleted: Readonly<Record<string, number>>;
  readonly isDone: boolean;
}

/** Deletes what is too old, in small chunks, so that nobody waits for a lock. */
export async function keepHouse(settings: HousekeepingSettings): Promise<HouseKept> {
  const deleted: Record<string, number> = {};
  let isDone = true;
  for (const chore of CHORES) {
    const { count, isFinished } = await doChore(chore, settings);
    deleted[chore.name] = count;
    isDone &&= isFinished;
  }
  return { deleted, isDone };
}

async function doChore({ sql, keepMs, needsTopic }: Chore, settings: HousekeepingSettings) {
  const { em, nowMs, retention, commandTopic, mayGoOn } = settings;
  const oldest = new Date(nowMs - keepMs(retention)).toISOString();
  const parameters = needsTopic ? [oldest, commandTopic] : [oldest];
  let total = 0;
  for (let chunk = 0; chunk < MOST_CHUNKS && (await mayGoOn()); chunk += 1) {
    const count = await countChanged(em(), sql, parameters);
    if (count === 0) return { count: total, isFinished: true };
    total += count;
  }
  return { count: total, isFinished: false };
}
