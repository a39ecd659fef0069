import type { EntityManager } from "@mikro-orm/postgresql";
import type { Operation } from "../../domain/operation/operation.ts";
import { toOperation } from "../mapping/operation.ts";
import { tables } from "../tables.ts";

/** The newest operation of each of these links, by linkId; links without one are left out. */
export async function latestOperations(
  em: EntityManager,
  linkIds: readonly string[],
): Promise<ReadonlyMap<string, Operation>> {
  if (linkIds.length === 0) return new Map();
  const rows = await tables(em)
    .selectFrom("operations")
    .selectAll()
    .distinctOn("link_id")
    .where("link_id", "in", linkIds)
    .orderBy("link_id")
    .orderBy("created_at", "desc")
    .orderBy("operation_id", "desc")
    .execute();
  return new Map(rows.map((row) => [row.link_id, toOperation(row)]));
}
