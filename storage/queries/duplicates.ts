import type { EntityManager } from "@mikro-orm/postgresql";
import { runSql } from "../sql.ts";

/**
 * B11: the other referenceIds of the same partner and environment behind which the same person seems to be, by userId; a
 * user without any is not in it. Worked out when it is read; nothing is merged or blocked because of it.
 */
export async function findSuspectedDuplicates(
  em: EntityManager,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (userIds.length === 0) return new Map();
  const rows = await runSql<DuplicateRow>(em, FIND_DUPLICATES, [userIds]);
  return new Map(rows.map(({ user_id, others }) => [user_id, others]));
}

interface DuplicateRow {
  readonly user_id: string;
  readonly others: readonly string[];
}

const FIND_DUPLICATES = `
  select u.user_id, array_agg(other.reference_id order by other.created_at, other.user_id) as others
  from users u join users other
    on other.partner = u.partner and other.environment = u.environment
    and other.identity_hash = u.identity_hash and other.user_id <> u.user_id
  where u.user_id = any($1) and u.identity_hash is not null and other.identity_hash is not null
  group by u.user_id`;
