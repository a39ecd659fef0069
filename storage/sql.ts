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

/** A statement, with `$1`-style parameters, and what its rows are. */
export interface Statement<Row = unknown> {
  readonly sql: string;
  readonly parameters: readonly unknown[];
  /** Never set: it only carries the type. */
  readonly row?: Row;
}

type RowsOf<Wanted> = Wanted extends Statement<infer Row> ? readonly Row[] : readonly never[];

/**
 * Runs statements of one transaction in their order and gives the rows of each. They are sent together, without waiting
 * for one's answer before the next goes out, so that all of them take one round trip; each sees what those before it have
 * done. The first error is thrown when all are through; inside a transaction none behind it has done anything. A null is
 * a statement that is not needed, and gives no rows.
 */
export async function runTogether<const Wanted extends readonly (Statement | null)[]>(
  em: EntityManager,
  wanted: Wanted,
): Promise<{ readonly [Index in keyof Wanted]: RowsOf<NonNullable<Wanted[Index]>> }> {
  const results = wanted.every((one) => one === null) ? [] : await sendTogether(em, wanted);
  const rows = wanted.map((_, index) => {
    const result = results[index];
    if (result?.status === "rejected") throw result.reason;
    return result?.value?.rows ?? [];
  });
  return rows as { readonly [Index in keyof Wanted]: RowsOf<NonNullable<Wanted[Index]>> };
}

/** kysely would wait for each answer; one connection of its own does not. */
function sendTogether(em: EntityManager, wanted: readonly (Statement | null)[]) {
  const executor = em.getKysely().getExecutor();
  return executor.provideConnection((connection) =>
    Promise.allSettled(
      wanted.map((one) => (one === null ? null : connection.executeQuery(rawQuery(one.sql, one.parameters)))),
    ),
  );
}

/** Runs a statement that changes rows, and gives how many. */
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
