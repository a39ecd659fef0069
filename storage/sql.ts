import { randomUUID } from "node:crypto";
import type { EntityManager } from "@mikro-orm/postgresql";

/**
 * Runs one statement with `$1`-style parameters, inside the unit of work's transaction when it has one, and gives its
 * rows. Values travel beside the statement, never inside it: so they stand in no error and in no log of the server,
 * which `em.execute` cannot promise.
 */
export async function runSql<Row>(em: EntityManager, sql: string, parameters: readonly unknown[]): Promise<Row[]> {
  const { rows } = await em.getKysely().executeQuery<Row>(rawQuery(sql, parameters));
  return rows;
}

/** The same for a statement that changes rows: gives how many. */
export async function countChanged(em: EntityManager, sql: string, parameters: readonly unknown[]): Promise<number> {
  const { numAffectedRows } = await em.getKysely().executeQuery(rawQuery(sql, parameters));
  return Number(numAffectedRows ?? 0n);
}

function rawQuery(sql: string, parameters: readonly unknown[]) {
  return {
    sql,
    parameters,
    query: { kind: "RawNode", sqlFragments: [sql], parameters: [] },
    queryId: { queryId: randomUUID() },
  } as const;
}
