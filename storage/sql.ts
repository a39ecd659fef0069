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

/** The rows of each of several statements. */
export type RowsOfEach<Wanted extends readonly (Statement | null)[]> = {
  readonly [Index in keyof Wanted]: RowsOf<NonNullable<Wanted[Index]>>;
};

/**
 * Runs statements in their order and gives the rows of each. They are sent together, without waiting for one's answer
 * before the next goes out, so that all of them take one round trip; each sees what those before it have done. The first
 * error is thrown when all are through; inside a transaction none behind it has done anything. A null is a statement that
 * is not needed, and gives no rows.
 */
export type RunTogether = <const Wanted extends readonly (Statement | null)[]>(
  wanted: Wanted,
) => Promise<RowsOfEach<Wanted>>;

/** What kysely lends: it would wait for each answer itself, the connection does not. */
type Connection = Parameters<Parameters<Executor["provideConnection"]>[0]>[0];
type Executor = ReturnType<ReturnType<EntityManager["getKysely"]>["getExecutor"]>;

/** Runs them on one connection, each for itself: without a transaction they may see different moments. */
export function runTogether<const Wanted extends readonly (Statement | null)[]>(
  em: EntityManager,
  wanted: Wanted,
): Promise<RowsOfEach<Wanted>> {
  const executor = em.getKysely().getExecutor();
  return executor.provideConnection((connection) => sendTogether(connection, wanted));
}

/** A transaction that spends no round trips of its own. */
export interface PipelinedTransaction {
  /** The first takes BEGIN along. */
  readonly run: RunTogether;
  /** Takes COMMIT along, and BEGIN when it is also the first, and is the last: unless every statement succeeds nothing is committed. */
  readonly runAndCommit: RunTogether;
}

/** Runs `work` in a transaction, which is rolled back when it throws, or ends without having committed. */
export function inPipelinedTransaction<Result>(
  em: EntityManager,
  work: (transaction: PipelinedTransaction) => Promise<Result>,
): Promise<Result> {
  const executor = em.getKysely().getExecutor();
  return executor.provideConnection(async (connection) => {
    let isOpen = false;
    const transaction: PipelinedTransaction = {
      run: (wanted) => {
        const begin = isOpen ? [] : [BEGIN];
        isOpen = true;
        return sendTogether(connection, wanted, { before: begin });
      },
      runAndCommit: (wanted) => {
        const begin = isOpen ? [] : [BEGIN];
        isOpen = false;
        return sendTogether(connection, wanted, { before: begin, after: [COMMIT] });
      },
    };
    try {
      return await work(transaction);
    } finally {
      // A connection that is lost has rolled back by itself.
      if (isOpen) await sendTogether(connection, [ROLLBACK]).catch(() => []);
    }
  });
}

const BEGIN: Statement = { sql: "begin", parameters: [] };
const COMMIT: Statement = { sql: "commit", parameters: [] };
const ROLLBACK: Statement = { sql: "rollback", parameters: [] };

async function sendTogether<const Wanted extends readonly (Statement | null)[]>(
  connection: Connection,
  wanted: Wanted,
  { before = [], after = [] }: { readonly before?: readonly Statement[]; readonly after?: readonly Statement[] } = {},
): Promise<RowsOfEach<Wanted>> {
  const all = [...before, ...wanted, ...after].map((one) =>
    one === null ? null : connection.executeQuery(rawQuery(one.sql, one.parameters)),
  );
  const results = await Promise.allSettled(all);
  const failed = results.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
  const rows = results.map((result) => (result.status === "fulfilled" ? (result.value?.rows ?? []) : []));
  return rows.slice(before.length, before.length + wanted.length) as RowsOfEach<Wanted>;
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
