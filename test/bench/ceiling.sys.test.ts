import { afterAll, beforeAll, expect, test } from "vitest";
import { publishCreates } from "../../bench/preload/publish.ts";
import { freePort } from "../../stack/ports.ts";
import { createPartner } from "../../storage/configuration/partners.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { type RunningProcess, spawnProcess } from "../support/process.ts";
import { type System, startSystem } from "../support/system.ts";
import { until } from "../support/until.ts";
import { type ReadRows, rowsOfUsers, withoutChance } from "./told-rows.ts";

const USERS = 7;

let system: System;
let fresh: FreshDatabase;
let ceiling: RunningProcess;

beforeAll(async () => {
  system = await startSystem({ consumers: ["users"] });
  await createPartner(system.database.em(), { slug: "bench", name: "Bench" }, new Date().toISOString());
  fresh = await freshDatabase();
  const port = String(await freePort());
  const environment = { ...system.environment, DATABASE_URL: fresh.url, CONSUMERS_PORT: port };
  const readyUrl = `http://127.0.0.1:${port}/health/ready`;
  ceiling = await spawnProcess({ args: ["bench/baselines/ceiling.ts"], environment, readyUrl });
});

afterAll(async () => {
  await ceiling.stop();
  await fresh.drop();
  await system.stop();
});

test("the ceiling writes the rows of the users consumer for the same commands", async () => {
  await publishCreates(system, "same", USERS);
  const ours: ReadRows = (sql) => system.database.em().execute(sql);
  const theirs: ReadRows = (sql) => fresh.database.em().execute(sql);
  const areThere = async (rows: ReadRows) => (await rows("select 1 from decisions")).length === USERS;
  await until("both have written all", async () => (await areThere(ours)) && (await areThere(theirs)));
  for (let user = 0; user < USERS; user += 1) {
    const [expected, given] = [await rowsOfUsers(ours, `same-${user}`), await rowsOfUsers(theirs, `same-${user}`)];
    expect(withoutChance(given)).toEqual(withoutChance(expected));
  }
});
