import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "../../stack/ports.ts";
import { createKey, FIRST_KEY_PERMISSIONS } from "../../storage/configuration/api-keys.ts";
import { createPartner } from "../../storage/configuration/partners.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { type Call, callerOf } from "../support/http.ts";
import { type RunningProcess, spawnProcess } from "../support/process.ts";
import { type System, startSystem } from "../support/system.ts";

/** One kind of service with the database in which its rows are. */
interface Told {
  readonly url: string;
  readonly apiKey: string;
  readonly rows: (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;
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
  const left = [];
  for (const [table, order] of Object.entries(TABLES)) {
    const found = await rows(`select * from ${table} where ${ofUsers(table, prefix)} order by ${order}`);
    left.push([table, found.map(withoutPlace)]);
  }
  return withoutChance({ answers, rows: left });
}

/** In the order in which they came to be. */
const TABLES = {
  users: "created_at",
  links: "created_at",
  data_requests: "created_at",
  decisions: "decided_at",
  refusals: "id",
  user_history: "at, user_id, sequence",
  outbox: "id",
};

function ofUsers(table: string, prefix: string): string {
  if (table === "outbox") return `message_key like '%/${prefix}-%'`;
  if (table === "user_history") return `user_id in (select user_id from users where reference_id like '${prefix}-%')`;
  const own = `reference_id like '${prefix}-%'`;
  // The gateway refuses what the lock in Redis shows without a command; a synchronous service decides it.
  if (table === "decisions") return `${own} and refusal ->> 'code' is distinct from 'ACTIVE_LINK_EXISTS'`;
  return table === "refusals" ? `${own} and code <> 'ACTIVE_LINK_EXISTS'` : own;
}

/** Where a message came from, and inside which trace: only who has messages has those. */
function withoutPlace({ id, source_partition, traceparent, ...row }: Readonly<Record<string, unknown>>) {
  return row;
}

/** Ids, keys, hashes and times by the order in which they are first met. */
function withoutChance(told: { readonly answers: unknown; readonly rows: unknown }): typeof told {
  const met = new Map<string, string>();
  const name = (kind: string) => (found: string) => {
    const known = met.get(found) ?? `${kind} ${met.size}`;
    met.set(found, known);
    return known;
  };
  const text = JSON.stringify(told)
    .replaceAll(/\b(?:another|p[0-9a-f]{8})\b(?=[/"])/g, "PARTNER")
    .replaceAll(/"token":"[^"]+"/g, '"token":"TOKEN"')
    .replaceAll(/#[A-Za-z0-9_.-]+/g, "#TOKEN")
    .replaceAll(/"identity_hash":"[^"]+"/g, '"identity_hash":"HASH"')
    .replaceAll(/127\.0\.0\.1:\d+/g, "HOST")
    .replaceAll(/\b(?:link|user|evt|dr|cmd|req|key)_[a-z0-9]+_[a-z0-9]{12}\b/g, name("id"))
    .replaceAll(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00)/g, "TIME");
  return JSON.parse(text);
}
