import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "../../stack/ports.ts";
import { createKey, FIRST_KEY_PERMISSIONS } from "../../storage/configuration/api-keys.ts";
import { createPartner } from "../../storage/configuration/partners.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { type Call, callerOf } from "../support/http.ts";
import { type RunningProcess, spawnProcess } from "../support/process.ts";
import { type System, startSystem } from "../support/system.ts";
import { type ReadRows, rowsOfUsers, withoutChance } from "./told-rows.ts";

/** One kind of service with the database in which its rows are. */
interface Told {
  readonly url: string;
  readonly apiKey: string;
  readonly rows: ReadRows;
}

let system: System;
let ours: Told;
const databases: FreshDatabase[] = [];
const processes: RunningProcess[] = [];

beforeAll(async () => {
  system = await startSystem({ consumers: ["users"] });
  const { apiKey } = await system.newPartner();
  ours = { url: system.gatewayUrl, apiKey, rows: (sql) => system.database.em().execute(sql) };
});

afterAll(async () => {
  for (const child of processes) await child.stop();
  for (const database of databases) await database.drop();
  await system.stop();
});

test.each(["orm", "pg"])("the baseline %s gives the answers of the product and leaves its rows", async (kind) => {
  const theirs = await startBaseline(kind);
  const [expected, given] = [await told(ours, kind), await told(theirs, kind)];
  expect(given.answers).toEqual(expected.answers);
  expect(given.rows).toEqual(expected.rows);
});

test.each(["orm", "pg"])("C2 in the baseline %s many creates at once make one link", async (kind) => {
  const { url, apiKey, rows } = await startBaseline(kind);
  const call = callerOf(url);
  const create = () => call({ method: "POST", path: "/partner/links", apiKey, body: { referenceId: "raced" } });
  const statuses = (await Promise.all(Array.from({ length: 12 }, create))).map(({ status }) => status);
  expect(statuses.toSorted()).toEqual([201, ...Array<number>(11).fill(409)]);
  expect(await rows("select 1 from links")).toHaveLength(1);
});

/** The same partner in a database of its own, so that all that differs is who answers. */
async function startBaseline(kind: string): Promise<Told> {
  const fresh = await freshDatabase();
  databases.push(fresh);
  const em = fresh.database.em();
  const now = new Date().toISOString();
  await createPartner(em, { slug: "another", name: "Another" }, now);
  const key = { partner: "another", environment: "test", permissions: FIRST_KEY_PERMISSIONS } as const;
  const { text: apiKey } = await createKey(em, key, now);
  const port = await freePort();
  const own = { DATABASE_URL: fresh.url, GATEWAY_PORT: String(port), REDIS_PREFIX: `${port}:` };
  const environment = { ...system.environment, ...own };
  const readyUrl = `http://127.0.0.1:${port}/health/ready`;
  processes.push(await spawnProcess({ args: ["bench/baselines/main.ts", kind], environment, readyUrl }));
  return { url: `http://127.0.0.1:${port}`, apiKey, rows: (sql) => fresh.database.em().execute(sql) };
}

const NAME = { firstName: "Ana", lastName: "Torres" };

function created(referenceId: string, more: object = {}): Call {
  return { method: "POST", path: "/partner/links", body: { referenceId, ...more } };
}

/** Plays the same calls and gives answers and rows without what chance and the clock put into them. */
async function told({ url, apiKey, rows }: Told, prefix: string) {
  const call = callerOf(url);
  const [first, second] = [`${prefix}-first`, `${prefix}-second`];
  const answers: unknown[] = [];
  const play = async (one: Call) => {
    const { status, json } = await call({ apiKey, ...one });
    answers.push({ status, json });
    return json;
  };
  await play(created(first, { userData: { name: NAME, dob: "1990-05-17" }, metadata: { order: 7 } }));
  await play(created(first));
  await play(created(first, { onActive: "return" }));
  await play(created(first, { userData: { name: { firstName: "Eva" } }, colour: "red", expiresInMinutes: 4 }));
  const replacing = { onActive: "replace", userData: { name: { firstName: "Eva" }, idNumber: "TOEA900517" } };
  const { data } = await play(created(first, replacing));
  await play({ method: "POST", path: `/partner/links/${data.linkId}/revoke`, body: { reason: "mistake" } });
  await play({ method: "POST", path: `/partner/links/${data.linkId}/revoke`, body: {} });
  await play(created(first, { userData: { name: { firstName: "Eva" } } }));
  await play(created(second, { callbackUrl: "https://partner.example.com/hooks", userData: { name: NAME } }));
  await play(created(second, { onActive: "replace", userData: { idNumber: "X1" } }));
  await play({ path: `/partner/users/${first}` });
  return withoutChance({ answers, rows: await rowsOfUsers(rows, `${prefix}-`) });
}
