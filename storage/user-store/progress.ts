import type { EntityManager } from "@mikro-orm/postgresql";
import { countChanged, runSql } from "../sql.ts";

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

/**
 * Locks the partition's progress for the length of the transaction: this fences a second owner of the partition, who
 * waits here and then finds his messages applied. Null when the partition was never admitted.
 */
export async function lockProgress(em: EntityManager, topic: string, partition: number): Promise<Progress | null> {
  const rows = await runSql<ProgressRow>(em, `${SELECT} for update`, [topic, partition]);
  return toProgress(rows[0]);
}

/** Reads the progress without a lock; null when the partition was never admitted. */
export async function readProgress(em: EntityManager, topic: string, partition: number): Promise<Progress | null> {
  return toProgress((await runSql<ProgressRow>(em, SELECT, [topic, partition]))[0]);
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

/** Moves the next offset, inside the transaction that holds the lock. */
export async function moveNextOffset(
  em: EntityManager,
  place: { readonly topic: string; readonly partition: number; readonly nextOffset: bigint },
): Promise<void> {
  const sql = "update consumer_progress set next_offset = $3 where topic = $1 and partition = $2";
  await countChanged(em, sql, [place.topic, place.partition, place.nextOffset.toString()]);
}

/** Says that the outbox is published up to a row; never moves back, whoever says it. */
export async function movePublishedThrough(
  em: EntityManager,
  place: { readonly topic: string; readonly partition: number; readonly outboxId: bigint },
): Promise<void> {
  const sql = `update consumer_progress set published_through = greatest(published_through, $3)
    where topic = $1 and partition = $2`;
  await countChanged(em, sql, [place.topic, place.partition, place.outboxId.toString()]);
}

const SELECT = `select cluster_id, next_offset, published_through from consumer_progress
  where topic = $1 and partition = $2`;

function toProgress(row: ProgressRow | undefined): Progress | null {
  if (row === undefined) return null;
  return {
    clusterId: row.cluster_id,
    nextOffset: BigInt(row.next_offset),
    publishedThrough: BigInt(row.published_through),
  };
}
