import type { EntityManager } from "@mikro-orm/postgresql";
import { countChanged, runSql, type Statement } from "../sql.ts";

/** How far a partition of the command topic was applied and published. */
export interface Progress {
  readonly clusterId: string;
  readonly nextOffset: bigint;
  readonly publishedThrough: bigint;
}

interface ProgressRow {
  readonly cluster_id: string;
  readonly next_offset: string;
  readonly published_through: string;
}

/** Where batches of one topic stand. */
interface Place {
  readonly topic: string;
  readonly partition: number;
}

/**
 * Locks the progress of several partitions of one topic, in their order, for the length of the transaction: this fences a
 * second owner of a partition, who waits here and then finds his messages applied. With `skip` nobody waits: a partition that somebody
 * else has locked is then not found, like one that was never admitted.
 */
export function lockStatement(places: readonly Place[], ifLocked: "wait" | "skip"): Statement<LockedRow> {
  return {
    sql: `select partition, cluster_id, next_offset, published_through from consumer_progress
      where topic = $1 and partition = any($2) order by partition for update ${ifLocked === "skip" ? "skip locked" : ""}`,
    parameters: [places[0]?.topic, places.map(({ partition }) => partition)],
  };
}

/** What was locked, by partition. */
export function progressOf(rows: readonly LockedRow[]): ReadonlyMap<number, Progress> {
  return new Map(rows.map((row) => [row.partition, toProgress(row)]));
}

interface LockedRow extends ProgressRow {
  readonly partition: number;
}

/** Reads the progress without a lock; null when the partition was never admitted. */
export async function readProgress(em: EntityManager, topic: string, partition: number): Promise<Progress | null> {
  const [row] = await runSql<ProgressRow>(em, SELECT, [topic, partition]);
  return row === undefined ? null : toProgress(row);
}

/** The next offset of each partition of a topic that was ever admitted. */
export async function readNextOffsets(em: EntityManager, topic: string): Promise<ReadonlyMap<number, bigint>> {
  const sql = "select partition, next_offset from consumer_progress where topic = $1";
  const rows = await runSql<Pick<LockedRow, "partition" | "next_offset">>(em, sql, [topic]);
  return new Map(rows.map((row) => [row.partition, BigInt(row.next_offset)]));
}

/** Begins the progress of a partition at an offset; one that has begun stays as it is. */
export async function beginProgress(
  em: EntityManager,
  place: {
    readonly topic: string;
    readonly partition: number;
    readonly clusterId: string;
    readonly nextOffset: bigint;
  },
): Promise<void> {
  const sql = `insert into consumer_progress (topic, partition, cluster_id, next_offset, published_through)
    values ($1, $2, $3, $4, 0) on conflict do nothing`;
  await countChanged(em, sql, [place.topic, place.partition, place.clusterId, place.nextOffset.toString()]);
}

/** Where a partition goes on, and how far its outbox is published, where that is news. */
export interface ProgressMove {
  readonly partition: number;
  readonly nextOffset: bigint;
  readonly publishedThrough?: bigint | undefined;
}

/** Moves partitions of one topic on, inside the transaction that holds their locks. What is published never moves back. */
export function moveNextOffsets(topic: string, moves: readonly ProgressMove[]): Statement {
  return {
    sql: `update consumer_progress as old set next_offset = given.next_offset,
        published_through = greatest(old.published_through, given.published_through)
      from unnest($2::int[], $3::bigint[], $4::bigint[]) as given(partition, next_offset, published_through)
      where old.topic = $1 and old.partition = given.partition`,
    parameters: [
      topic,
      moves.map(({ partition }) => partition),
      moves.map(({ nextOffset }) => nextOffset.toString()),
      moves.map(({ publishedThrough = 0n }) => publishedThrough.toString()),
    ],
  };
}

/**
 * Says how far the outboxes of partitions of one topic are published, and gives those that now stand there or further. It
 * waits for nobody: in the queue for a locked row it would be in the way of the next transaction of that partition.
 */
export async function movePublishedThrough(
  em: EntityManager,
  topic: string,
  published: ReadonlyMap<number, bigint>,
): Promise<readonly number[]> {
  const sql = `with free as (
      select partition from consumer_progress where topic = $1 and partition = any($2) for update skip locked)
    update consumer_progress as old
    set published_through = greatest(old.published_through, given.published_through)
    from free join unnest($2::int[], $3::bigint[]) as given(partition, published_through) using (partition)
    where old.topic = $1 and old.partition = free.partition returning old.partition`;
  const rows = await runSql<{ readonly partition: number }>(em, sql, [
    topic,
    [...published.keys()],
    [...published.values()].map(String),
  ]);
  return rows.map(({ partition }) => partition);
}

const SELECT = `select cluster_id, next_offset, published_through from consumer_progress
  where topic = $1 and partition = $2`;

function toProgress(row: ProgressRow): Progress {
  return {
    clusterId: row.cluster_id,
    nextOffset: BigInt(row.next_offset),
    publishedThrough: BigInt(row.published_through),
  };
}
