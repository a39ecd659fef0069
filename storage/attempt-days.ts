import type { EntityManager } from "@mikro-orm/postgresql";
import type { AttemptDay } from "../domain/webhook/attempt-days.ts";
import { runSql } from "./sql.ts";

/** `left`: the default partition has attempts of that day already, so they stay there, and are deleted when they are old. */
export type DayMade = "made" | "left";

/** How far the care of the days may get in the way of others; the product leaves both out. */
export interface AttemptDayLimits {
  /** Longest wait for a lock, that of another process doing the same included. */
  readonly lockTimeoutMs?: number | undefined;
  /** No day is made beside a default partition that is larger. */
  readonly mostBytes?: number;
}

/** The names of all partitions of the attempts, the default one included. */
export async function listAttemptPartitions(em: EntityManager): Promise<readonly string[]> {
  const rows = await runSql<{ readonly name: string }>(em, LIST, []);
  return rows.map(({ name }) => name);
}

/**
 * Makes the partition of a day, unless the default one has attempts of it, and never in the way of those who write: it
 * is made apart and attached, which they do not wait for as long as their own day has a partition. The default partition is shut
 * meanwhile, for as long as it takes to see that it has nothing of that day. All in one statement, so that a process that dies
 * holds no lock. Any number of processes may do it at once. Outside a transaction.
 * @throws the driver's error when others keep the table busy longer than `lockTimeoutMs`, when the default partition
 * has more than `mostBytes`, so that looking through it would take long, or when Postgres is away; nothing has changed then.
 */
export async function makeAttemptDay(
  em: EntityManager,
  day: AttemptDay,
  { lockTimeoutMs = LOCK_TIMEOUT_MS, mostBytes = MOST_BYTES }: AttemptDayLimits = {},
): Promise<DayMade> {
  if (!(await defaultHas(em, day))) await runSql(em, makingOf(day, { lockTimeoutMs, mostBytes }), []);
  return (await defaultHas(em, day)) ? "left" : "made";
}

/**
 * Drops a partition with all that is in it; it is no error when it is gone already. Everybody waits for it, so it
 * gives up when others keep the table busy for longer than `lockTimeoutMs`. Outside a transaction.
 * @throws the driver's error then, or when Postgres is away; nothing has changed.
 */
export async function dropAttemptPartition(
  em: EntityManager,
  name: string,
  { lockTimeoutMs = LOCK_TIMEOUT_MS }: Pick<AttemptDayLimits, "lockTimeoutMs"> = {},
): Promise<void> {
  await runSql(em, `do $$ begin ${limited(lockTimeoutMs)} drop table if exists ${quoted(name)}; end $$`, []);
}

/** Those who write attempts wait behind whoever waits for the table: shorter than anyone would notice. */
const LOCK_TIMEOUT_MS = 500;
/** Postgres looks through it in well below a second when it has it in memory, and in a few seconds when not. */
const MOST_BYTES = 256 * 1024 * 1024;

/** For this one statement; the advisory lock lets processes that do the same come one after the other. */
const limited = (lockTimeoutMs: number) => `
  perform set_config('lock_timeout', '${lockTimeoutMs}ms', true);
  perform pg_advisory_xact_lock(hashtextextended('m2m attempt days', 0));`;

const LIST = `
  select relname as name from pg_inherits join pg_class on pg_class.oid = inhrelid
  where inhparent = 'webhook_attempts'::regclass order by relname`;

async function defaultHas(em: EntityManager, { from, to }: AttemptDay): Promise<boolean> {
  const [row] = await runSql<{ readonly has: boolean }>(em, DEFAULT_HAS, [from, to]);
  return row?.has === true;
}

const DEFAULT_HAS = `
  select exists (select from webhook_attempts_default where started_at >= $1 and started_at < $2) as has`;

/** `do` takes no parameters; what is put in comes from the calendar. Locks are taken in the order in which `attach` does. */
function makingOf(
  { name, from, to }: AttemptDay,
  { lockTimeoutMs, mostBytes }: { readonly lockTimeoutMs: number; readonly mostBytes: number },
): string {
  return `do $$ begin ${limited(lockTimeoutMs)}
    if to_regclass('${quoted(name)}') is not null then return; end if;
    if pg_relation_size('webhook_attempts_default') > ${mostBytes} then
      raise exception 'webhook_attempts_default is too large for days to be made beside it: docs/operations.md says what to do';
    end if;
    lock table only webhook_attempts in share update exclusive mode;
    lock table webhook_attempts_default in access exclusive mode;
    if exists (select from webhook_attempts_default where started_at >= '${from}' and started_at < '${to}') then
      return;
    end if;
    create table ${quoted(name)} (like webhook_attempts including defaults including constraints);
    alter table webhook_attempts attach partition ${quoted(name)} for values from ('${from}') to ('${to}');
  end $$`;
}

function quoted(name: string): string {
  if (!/^[a-z0-9_]+$/.test(name)) throw new Error(`${name} is no name of a partition of ours`);
  return `"${name}"`;
}
