import type { EntityManager } from "@mikro-orm/postgresql";
import { afterAll, beforeAll, expect, test } from "vitest";
import { classify } from "../../messaging/failure-policy.ts";
import { runSql, runTogether } from "../../storage/sql.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";

let fresh: FreshDatabase;
let em: EntityManager;

beforeAll(async () => {
  fresh = await freshDatabase();
  em = fresh.database.em();
  await runSql(em, "create table things (id int primary key, name text)", []);
});

afterAll(() => fresh.drop());

const PREPARED = "select name, statement, generic_plans + custom_plans as plans from pg_prepared_statements";

/** What one connection has prepared of a statement. */
const preparedOf = async (unit: EntityManager, sql: string) => {
  const rows = await runSql<{ name: string; statement: string }>(unit, PREPARED, []);
  return rows.filter(({ statement }) => statement === sql).map(({ name }) => name);
};

/** Everything on one connection. */
const onOneConnection = <Result>(work: (unit: EntityManager) => Promise<Result>) => em.transactional(work);

test("a statement is prepared when it comes for the second time, and is the same statement", async () => {
  await onOneConnection(async (unit) => {
    const sql = "select $1::int + 1 as sum";
    expect(await runSql(unit, sql, [1])).toEqual([{ sum: 2 }]);
    expect(await preparedOf(unit, sql)).toEqual([]);
    expect(await runSql(unit, sql, [2])).toEqual([{ sum: 3 }]);
    expect(await runSql(unit, sql, [3])).toEqual([{ sum: 4 }]);
    expect(await preparedOf(unit, sql)).toHaveLength(1);
  });
});

test("of many different statements the server keeps those that were used last", async () => {
  await onOneConnection(async (unit) => {
    for (let number = 0; number < 300; number += 1) {
      for (const use of [1, 2]) await runSql(unit, `select $1::int + ${number} as sum`, [use]);
    }
    const [row] = await runSql<{ count: string }>(unit, "select count(*) from pg_prepared_statements", []);
    expect(Number(row?.count)).toBeLessThanOrEqual(200);
    expect(await preparedOf(unit, "select $1::int + 299 as sum")).toHaveLength(1);
    expect(await preparedOf(unit, "select $1::int + 0 as sum")).toEqual([]);
  });
});

test("every use is planned anew, so that no plan stays from when a table was empty", async () => {
  const sql = "select name from things join unnest($1::int[]) as wanted(id) using (id)";
  const plansOf = "select custom_plans, generic_plans from pg_prepared_statements where statement = $1";
  await onOneConnection(async (unit) => {
    for (let use = 0; use < 9; use += 1) await runSql(unit, sql, [[use]]);
    expect(await runSql(unit, plansOf, [sql])).toMatchObject([{ custom_plans: "8", generic_plans: "0" }]);
  });
});

test("statements that are sent together are prepared as well", async () => {
  await onOneConnection(async (unit) => {
    const ask = (number: number) => ({ sql: "select $1::int * 2 as twice", parameters: [number] });
    await runTogether(unit, [ask(1), ask(2)]);
    expect(await runTogether(unit, [ask(3), ask(4), ask(5)])).toEqual([
      [{ twice: 6 }],
      [{ twice: 8 }],
      [{ twice: 10 }],
    ]);
  });
});

test("a schema that changes under it is not noticed outside a transaction, and passes inside", async () => {
  const sql = "select * from things where id = $1";
  const insideOne = () => onOneConnection(async (unit) => [await runSql(unit, sql, [1]), await runSql(unit, sql, [1])]);
  await runSql(em, "insert into things values ($1, 'one')", [1]);
  for (let use = 0; use < 3; use += 1) await runSql(em, sql, [1]);
  await insideOne();
  await runSql(em, "alter table things add column size int", []);
  const errors: unknown[] = [];
  for (let tries = 0; tries < 3; tries += 1) await insideOne().catch((error: unknown) => errors.push(error));
  expect(errors.map((error) => classify(error).kind)).toEqual(errors.map(() => "temporary"));
  expect(errors.length).toBeLessThanOrEqual(1);
  expect(await insideOne()).toEqual([[{ id: 1, name: "one", size: null }], [{ id: 1, name: "one", size: null }]]);
  await runSql(em, "alter table things add column weight int", []);
  expect(await runSql(em, sql, [1])).toEqual([{ id: 1, name: "one", size: null, weight: null }]);
});
