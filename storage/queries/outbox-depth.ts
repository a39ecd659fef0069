import type { EntityManager } from "@mikro-orm/postgresql";
import { runSql } from "../sql.ts";

/**
 * How many messages of these partitions of the command topic are committed and not known to be published. Counted in
 * Postgres: a publisher that cannot publish keeps nothing in memory.
 */
export async function countUnpublished(
  em: EntityManager,
  topic: string,
  partitions: readonly number[],
): Promise<number> {
  const sql = `select count(*) from outbox join consumer_progress on partition = source_partition
    where consumer_progress.topic = $1 and partition = any($2) and id > published_through`;
  const [row] = await runSql<{ readonly count: string }>(em, sql, [topic, partitions]);
  return Number(row?.count ?? 0);
}
