import type { EntityManager } from "@mikro-orm/postgresql";
import { countChanged } from "../../storage/sql.ts";

/** What is too old to be of use, how it is found, and what it is called in the log. */
interface Chore {
  readonly name: string;
  readonly keepMs: number;
  /** Deletes one chunk of what is older than $1. */
  readonly sql: string;
  /** The statement's $2 is the command topic's name. */
  readonly needsTopic?: true;
}

const HOUR_MS = 3_600_000;

/**
 * Nothing here changes a user. Decisions live as long as their commands in Kafka, answers of idempotent requests as long
 * as they may be asked for, and the outbox an hour beyond its publication, for whoever wants to look.
 */
const CHORES: readonly Chore[] = [
  {
    name: "decisions",
    keepMs: 7 * 24 * HOUR_MS,
    sql: `delete from decisions where ctid = any(array(
      select ctid from decisions where decided_at < $1 order by decided_at limit 1000))`,
  },
  {
    name: "idempotency records",
    keepMs: 24 * HOUR_MS,
    sql: `delete from idempotency where ctid = any(array(
      select ctid from idempotency where created_at < $1 order by created_at limit 1000))`,
  },
  {
    name: "outbox rows",
    keepMs: HOUR_MS,
    needsTopic: true,
    // The oldest of each partition by the index, never a scan of everything that is still to be published.
    sql: `delete from outbox using (
        select old.id from consumer_progress progress cross join lateral (
          select id, created_at from outbox
          where source_partition = progress.partition and id <= progress.published_through order by id limit 100
        ) old where progress.topic = $2 and old.created_at < $1
      ) found where outbox.id = found.id`,
  },
];

/** A round ends after so many chunks of a chore; the next one goes on. */
const MOST_CHUNKS = 50;

export interface HousekeepingSettings {
  readonly em: () => EntityManager;
  readonly nowMs: number;
  /** The command topic as Kafka has it: whose progress tells what of the outbox is published. */
  readonly commandTopic: string;
  /** Asked before every chunk: false ends it. */
  readonly mayGoOn: () => boolean;
}

/** Deletes what is too old, in small chunks, so that nobody waits for a lock. Gives the deleted rows by name. */
export async function keepHouse(settings: HousekeepingSettings): Promise<Readonly<Record<string, number>>> {
  const deleted: Record<string, number> = {};
  for (const chore of CHORES) deleted[chore.name] = await doChore(chore, settings);
  return deleted;
}

async function doChore({ sql, keepMs, needsTopic }: Chore, settings: HousekeepingSettings): Promise<number> {
  const { em, nowMs, commandTopic, mayGoOn } = settings;
  const oldest = new Date(nowMs - keepMs).toISOString();
  const parameters = needsTopic ? [oldest, commandTopic] : [oldest];
  let total = 0;
  for (let chunk = 0; chunk < MOST_CHUNKS && mayGoOn(); chunk += 1) {
    const count = await countChanged(em(), sql, parameters);
    if (count === 0) break;
    total += count;
  }
  return total;
}
