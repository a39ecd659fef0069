import { afterAll, beforeAll, expect, test } from "vitest";
import { createDueHints, type DueHints, tellDue } from "../../storage/due-hints.ts";
import { createStage, type Stage } from "../consumers/webhooks/stage.ts";
import { until } from "../support/until.ts";

let stage: Stage;
let hints: DueHints;
let heard = 0;

beforeAll(async () => {
  stage = await createStage();
  hints = createDueHints({
    databaseUrl: stage.databaseUrl,
    onHint: () => {
      heard += 1;
    },
    random: () => 0,
  });
  hints.start();
  await until("it listens", async () => heard === 1);
});

afterAll(async () => {
  await hints.stop();
  await stage.stop();
});

test("a hint is heard when its transaction is committed, and not when it is rolled back", async () => {
  const before = heard;
  const rolledBack = stage.database.em().transactional(async (unit) => {
    await tellDue(unit);
    throw new Error("rolled back");
  });
  await expect(rolledBack).rejects.toThrow("rolled back");
  await stage.database.em().transactional(tellDue);
  await until("it is heard", async () => heard > before);
  expect(heard).toBe(before + 1);
});

test("bar 6 when Postgres ends the connection it listens again, and hints that something may have been missed", async () => {
  const before = heard;
  await stage.rows(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where application_name = 'm2m-due-hints' and datname = current_database()`,
  );
  await until("it listens again", async () => heard > before);
  await stage.database.em().transactional(tellDue);
  await until("it hears again", async () => heard > before + 1);
});
