import { afterEach, describe, expect, inject, test } from "vitest";
import { createLog } from "../../runtime/log.ts";
import { freePort } from "../../stack/ports.ts";
import { createDatabase, type Database, type DatabaseSettings } from "../../storage/orm.ts";
import { countChanged, runSql } from "../../storage/sql.ts";
import { useDatabase } from "../support/database.ts";
import { openNetwork } from "./network.ts";
import { aUser, storeUser } from "./rows.ts";

const { url, em, database } = useDatabase();
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function open(settings: Partial<DatabaseSettings> = {}): Promise<Database> {
  const opened = await createDatabase({
    url: url(),
    poolSize: 1,
    applicationName: "m2m-here",
    lockTimeoutMs: 1_100,
    idleInTransactionTimeoutMs: 1_200,
    statementTimeoutMs: 1_300,
    log: createLog({ level: "silent", component: "test" }),
    ...settings,
  });
  ends.push(opened.close);
  return opened;
}

describe("connections", () => {
  test("the server knows the process and enforces its limits", async () => {
    const opened = await open();
    const shown = await runSql<{ name: string; setting: string }>(
      opened.em(),
      "select name, setting from pg_settings where name = any($1) order by name",
      [["application_name", "idle_in_transaction_session_timeout", "lock_timeout", "statement_timeout"]],
    );
    expect(shown.map(({ setting }) => setting)).toEqual(["m2m-here", "1200", "1100", "1300"]);
  });

  test("a process starts while Postgres is away, and its check says so", async () => {
    const nobody = new URL(inject("stack").databaseUrl);
    nobody.port = String(await freePort());
    const opened = await open({ url: nobody.href });
    await expect(opened.check()).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  test("a connection that the server ends is replaced", async () => {
    const opened = await open();
    const [{ pid }] = (await runSql<{ pid: number }>(opened.em(), "select pg_backend_pid() as pid", [])) as [
      { pid: number },
    ];
    await runSql(em(), "select pg_terminate_backend($1, 5000)", [pid]);
    await expect.poll(() => opened.check().then(() => "answers", String)).toBe("answers");
  });

  test("connections that die inside a transaction go back: the pool does not run dry and closes", async () => {
    const opened = await open({ poolSize: 2 });
    for (let round = 0; round < 5; round += 1) {
      const killed = opened.em().transactional(async (unit) => {
        const [row] = await runSql<{ pid: number }>(unit, "select pg_backend_pid() as pid", []);
        await runSql(em(), "select pg_terminate_backend($1, 5000)", [row?.pid]);
        await runSql(unit, "select 1", []);
      });
      await expect(killed).rejects.toThrow();
    }
    await opened.check();
  });

  test("a network that goes silent fails the statement in time, and the pool recovers from it", async () => {
    const network = await openNetwork(Number(new URL(url()).port));
    ends.push(network.close);
    const detour = new URL(url());
    detour.port = String(network.port);
    const opened = await open({ url: detour.href, statementTimeoutMs: 200 });
    await opened.check();
    network.goSilent();
    await expect(opened.check()).rejects.toThrow("Query read timeout");
    network.recover();
    await opened.check();
  });
});

describe("units of work", () => {
  test("one that is made inside another's transaction is independent of it", async () => {
    const { userId } = aUser();
    await database()
      .em()
      .transactional(async (unit) => {
        await storeUser(unit, { userId });
        const seen = (given: typeof unit) => runSql(given, "select 1 from users where user_id = $1", [userId]);
        expect(await seen(unit)).toHaveLength(1);
        expect(await seen(database().em())).toHaveLength(0);
      });
  });

  test("one database's transaction has nothing to do with another database", async () => {
    const other = await open();
    await database()
      .em()
      .transactional(async () => {
        const [row] = await runSql<{ name: string }>(
          other.em(),
          "select current_setting('application_name') as name",
          [],
        );
        expect(row?.name).toBe("m2m-here");
      });
  });

  test("statements with parameters run in the unit's transaction and count what they changed", async () => {
    const { user } = await storeUser(em());
    const rename = "update users set state = 'data_complete' where user_id = any($1)";
    const changed = await em()
      .transactional(async (unit) => {
        expect(await countChanged(unit, rename, [[user.userId, "user_nobody"]])).toBe(1);
        throw new Error("undo");
      })
      .catch(String);
    expect(changed).toBe("Error: undo");
    const [row] = await runSql<{ state: string }>(em(), "select state from users where user_id = $1", [user.userId]);
    expect(row?.state).toBe(user.state);
  });

  test("a statement that fails names the constraint and no value in its message", async () => {
    const values = { dob: { widget: "1990-02-03" } } as const;
    const { user } = await storeUser(em(), { values });
    const error = await storeUser(em(), { ...user, userId: "user_acme_other" }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "23505", constraint: "users_one_per_reference" });
    expect(String(error)).not.toContain(user.referenceId);
  });
});
