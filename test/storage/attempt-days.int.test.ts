import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { keepAttemptDays } from "../../consumers/timers/attempt-days.ts";
import { DAYS_AHEAD } from "../../domain/webhook/attempt-days.ts";
import { dropAttemptPartition, listAttemptPartitions, makeAttemptDay } from "../../storage/attempt-days.ts";
import { createMigrationOrm } from "../../storage/migrate.ts";
import { runSql } from "../../storage/sql.ts";
import { useDatabase } from "../support/database.ts";
import { until } from "../support/until.ts";

const { em, url } = useDatabase();
const NOW = "2026-11-28T09:00:00.000Z";
const TODAY = "webhook_attempts_20261128";
const DAY = { name: TODAY, from: "2026-11-28T00:00:00.000Z", to: "2026-11-29T00:00:00.000Z" };

/** For where waiting is what a test wants: a slow machine must not be taken for a busy table. */
const PATIENT = { lockTimeoutMs: 20_000 };

const keep = (now = NOW, retentionDays = 30, limits: Partial<typeof PATIENT> = {}) =>
  keepAttemptDays({ em, nowMs: Date.parse(now), retentionDays, mayGoOn: async () => true, ...limits });
const days = async () => (await listAttemptPartitions(em())).filter((name) => name !== "webhook_attempts_default");
const addAttempt = (startedAt: string, unit = em()) =>
  runSql(unit, "insert into webhook_attempts values ('dlv_1', 1, $1, 5, 200, null, 'ok')", [startedAt]);
const partitionOf = async (startedAt: string) => {
  const sql = "select tableoid::regclass::text as name from webhook_attempts where started_at = $1";
  return (await runSql<{ name: string }>(em(), sql, [startedAt])).map(({ name }) => name);
};

const WAITING = `
  select from pg_locks where not granted and relation = 'webhook_attempts_default'::regclass
    and database = (select oid from pg_database where datname = current_database())`;

/** Runs `work` while another process keeps the table locked in a mode. */
const whileLocked = (mode: string, work: () => Promise<void>) =>
  em().transactional(async (held) => {
    await runSql(held, `lock table only webhook_attempts in ${mode} mode`, []);
    await work();
  });

afterEach(async () => {
  for (const name of await days()) await dropAttemptPartition(em(), name);
  await runSql(em(), "truncate webhook_attempts", []);
});

describe("days of attempts", () => {
  test("today and the next seven days get a partition, once, and attempts go there", async () => {
    expect(await keep()).toEqual({ made: DAYS_AHEAD + 1, dropped: 0, missing: 0, failed: new Map() });
    expect(await keep()).toEqual({ made: 0, dropped: 0, missing: 0, failed: new Map() });
    for (const [startedAt, name] of [
      [NOW, TODAY],
      ["2026-11-28T23:59:59.999Z", TODAY],
      ["2026-11-29T00:00:00.000Z", "webhook_attempts_20261129"],
      ["2026-12-06T00:00:00.000Z", "webhook_attempts_default"],
    ] as const) {
      await addAttempt(startedAt);
      expect(await partitionOf(startedAt)).toEqual([name]);
    }
  });

  test("a day of which the default partition has attempts stays there, and the others are made", async () => {
    await addAttempt(NOW);
    await addAttempt("2026-11-30T00:00:00.000Z");
    expect(await keep()).toMatchObject({ made: DAYS_AHEAD - 1, missing: 1, failed: new Map() });
    expect(await days()).not.toContain("webhook_attempts_20261130");
    expect(await partitionOf(NOW)).toEqual(["webhook_attempts_default"]);
    await addAttempt("2026-11-30T12:00:00.000Z");
    expect(await partitionOf("2026-11-30T12:00:00.000Z")).toEqual(["webhook_attempts_default"]);
  });

  test("an attempt that came into the default partition after the look is seen: nothing is made, nothing fails", async () => {
    let making: Promise<unknown> = Promise.resolve();
    await em().transactional(async (unit) => {
      await addAttempt(NOW, unit);
      making = makeAttemptDay(em(), DAY, PATIENT);
      // It has looked, seen nothing, and now waits for this transaction.
      await until("it waits", async () => (await runSql(em(), WAITING, [])).length > 0);
    });
    expect(await making).toBe("left");
    expect(await days()).toEqual([]);
  });

  test("whoever writes or reads attempts of a day does not hold up the making of another", async () => {
    await keep();
    await em().transactional(async (unit) => {
      await addAttempt(NOW, unit);
      await runSql(unit, `select from ${TODAY}`, []);
      expect(await keep("2026-11-29T00:00:00.000Z")).toMatchObject({ made: 1, failed: new Map() });
    });
  });

  test("a day is dropped with its attempts when all of it is older than the retention", async () => {
    await keep();
    await addAttempt("2026-11-28T23:59:59.999Z");
    expect(await keep("2026-11-30T23:59:59.999Z", 2)).toMatchObject({ dropped: 0 });
    expect(await keep("2026-12-01T00:00:00.000Z", 2)).toMatchObject({ dropped: 1 });
    expect(await days()).not.toContain(TODAY);
    expect(await partitionOf("2026-11-28T23:59:59.999Z")).toEqual([]);
  });

  test("several processes at once do the same as one", async () => {
    const fourAtOnce = (now: string) => Promise.all(Array.from({ length: 4 }, () => keep(now, 30, PATIENT)));
    const first = await fourAtOnce(NOW);
    expect(first.map(({ failed, missing }) => ({ failed, missing }))).toEqual(
      first.map(() => ({ failed: new Map(), missing: 0 })),
    );
    expect(await days()).toHaveLength(DAYS_AHEAD + 1);
    await fourAtOnce("2027-03-01T00:00:00.000Z");
    expect(await days()).toHaveLength(DAYS_AHEAD + 1);
    expect(await days()).toContain("webhook_attempts_20270301");
  });

  test("nobody waits long: while others keep the table busy it gives up, and does it the next time", async () => {
    await whileLocked("share update exclusive", async () => {
      const { made, missing, failed } = await keep(NOW);
      expect({ made, missing }).toEqual({ made: 0, missing: DAYS_AHEAD });
      expect([...failed]).toEqual([[TODAY, expect.objectContaining({ code: "55P03" })]]);
    });
    expect(await keep()).toMatchObject({ made: DAYS_AHEAD + 1, failed: new Map() });
    await whileLocked("access share", async () => {
      const { made, dropped, failed } = await keep("2026-12-30T00:00:00.000Z");
      expect({ made, dropped }).toEqual({ made: DAYS_AHEAD + 1, dropped: 0 });
      expect([...failed]).toEqual([[TODAY, expect.objectContaining({ code: "55P03" })]]);
    });
    expect(await keep("2026-12-30T00:00:00.000Z")).toMatchObject({ dropped: 2, failed: new Map() });
  });

  test("nor is the default partition shut for long: when it is large, no day is made beside it", async () => {
    await addAttempt("2026-11-01T00:00:00.000Z");
    await expect(makeAttemptDay(em(), DAY, { mostBytes: 8_191 })).rejects.toThrow("docs/operations.md");
    expect(await makeAttemptDay(em(), DAY, { mostBytes: 8_192 })).toBe("made");
  });

  test("a process that has lost its turn makes and drops nothing more", async () => {
    const given = { em, nowMs: Date.parse(NOW), retentionDays: 30, mayGoOn: async () => false };
    expect(await keepAttemptDays(given)).toMatchObject({ made: 0, dropped: 0, missing: DAYS_AHEAD });
    expect(await days()).toEqual([]);
  });

  test("a name that is none is no statement", async () => {
    await expect(dropAttemptPartition(em(), 'x"; drop table users; --')).rejects.toThrow("no name of a partition");
  });
});

test("what entities describe does not depend on which days have a partition", async () => {
  await keep();
  const orm = await createMigrationOrm(url());
  try {
    expect(await orm.schema.getUpdateSchemaSQL({ wrap: false })).toBe("");
  } finally {
    await orm.close(true);
  }
});

test("a default partition that is too large to be looked through is set aside as the operations page says", async () => {
  await addAttempt("2026-11-20T10:00:00.000Z");
  await addAttempt(NOW);
  const page = await readFile(join(import.meta.dirname, "../../docs/operations.md"), "utf8");
  const sql = /```sql\n([^`]*webhook_attempts_before_[^`]*)```/.exec(page)?.[1] ?? "";
  await runSql(em(), sql, []);
  expect(await partitionOf(NOW)).toEqual(["webhook_attempts_before_20261130"]);
  expect(await keep()).toMatchObject({ made: DAYS_AHEAD - 1, missing: 0, failed: new Map() });
  expect(await keep("2026-12-30T00:00:00.000Z")).toMatchObject({ dropped: 1 });
  expect(await partitionOf(NOW)).toEqual([]);
});
