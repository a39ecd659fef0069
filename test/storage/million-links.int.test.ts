import type { EntityManager } from "@mikro-orm/postgresql";
import { beforeAll, describe, expect, test } from "vitest";
import { listDataRequests } from "../../storage/queries/data-requests.ts";
import { findLinksToExpire } from "../../storage/queries/due.ts";
import { findSuspectedDuplicates } from "../../storage/queries/duplicates.ts";
import { findEvent, listEvents } from "../../storage/queries/events.ts";
import { listHistory } from "../../storage/queries/history.ts";
import { findLink, listLinks } from "../../storage/queries/links.ts";
import { listOperations } from "../../storage/queries/operations.ts";
import { nextPastEvents } from "../../storage/queries/past-events.ts";
import { listReviews } from "../../storage/queries/reviews.ts";
import { listUsers, readOverviews } from "../../storage/queries/users.ts";
import { listWebhookDeliveries } from "../../storage/queries/webhook-deliveries.ts";
import { findWidgetSession } from "../../storage/queries/widget-session.ts";
import { runSql } from "../../storage/sql.ts";
import { useDatabase } from "../support/database.ts";
import { CREATED_AT, insertRow, type Owner, storeDataRequest, storeLink, storeOperation, storeUser } from "./rows.ts";

const LINKS = 1_000_000;
const USERS = 250_000;
/** Of each kind of what hangs on links and users. */
const ROWS = 200_000;
const PARTNERS = 10;
const TABLES = ["users", "links", "operations", "data_requests", "user_history", "webhook_deliveries"];
/** The referenceId of the one user whose rows are copied. */
const TEMPLATE = "template";
/** Rows of one statement: well below the time that a statement may take. */
const PART = 10_000;
const FILL_WITHIN_MS = 300_000;

const { em } = useDatabase();
const scope = { partner: "p3", environment: "test" } as const;
const NOW = "2026-03-02T00:00:00.000Z";

beforeAll(async () => {
  const owner = await storeUser(em(), { referenceId: TEMPLATE });
  const { linkId } = await storeLink(em(), owner);
  await storeOperation(em(), owner, { linkId });
  await storeDataRequest(em(), owner, { linkId });
  await insertRow(em(), "user_history", eventOf(owner));
  await insertRow(em(), "webhook_deliveries", deliveryOf(owner));
  await fillUsers();
  await fillLinks();
  await Promise.all([fillOperations(), fillDataRequests(), fillHistory(owner), fillDeliveries()]);
  for (const table of TABLES) await runSql(em(), `vacuum analyze ${table}`, []);
}, FILL_WITHIN_MS);

type Changed = Readonly<Record<string, string>>;

/** Copies the one stored row so many times, with other values in some columns. */
async function copy(table: string, count: number, changed: Changed, template = ["reference_id", TEMPLATE]) {
  const [key, value] = template;
  const columns = await runSql<{ name: string }>(
    em(),
    "select column_name as name from information_schema.columns where table_name = $1 and table_schema = 'public'",
    [table],
  );
  const names = columns.map(({ name }) => `"${name}"`).join(", ");
  const values = columns.map(({ name }) => changed[name] ?? `one."${name}"`).join(", ");
  const sql = `insert into ${table} (${names}) select ${values}
    from (select * from ${table} where ${key} = $3) as one, generate_series($1::int, $2::int) as number`;
  for (let first = 0; first < count; first += PART) await runSql(em(), sql, [first, first + PART - 1, value]);
}

function fillUsers(): Promise<void> {
  return copy("users", USERS, {
    user_id: "'user_' || number",
    partner: `'p' || number % ${PARTNERS}`,
    reference_id: "'ref_' || number",
    created_at: "one.created_at - number * interval '1 second'",
  });
}

/** The first link of a user is still open, the others have expired; their times lie a second apart. */
function fillLinks(): Promise<void> {
  const isOpen = `number < ${USERS}`;
  const createdAt = "one.created_at - number * interval '1 second'";
  return copy("links", LINKS, {
    link_id: "'link_' || number",
    user_id: `'user_' || number % ${USERS}`,
    partner: `'p' || number % ${PARTNERS}`,
    reference_id: `'ref_' || number % ${USERS}`,
    created_at: createdAt,
    expires_at: `case when ${isOpen} then timestamptz '2027-01-01' else ${createdAt} + interval '1 hour' end`,
    status: `case when ${isOpen} then 'created' else 'expired' end`,
    expired_at: `case when ${isOpen} then null else ${createdAt} + interval '1 hour' end`,
  });
}

/** The columns that whatever hangs on the first links and users has. */
const HANGING = {
  user_id: `'user_' || number`,
  link_id: "'link_' || number",
  partner: `'p' || number % ${PARTNERS}`,
  reference_id: `'ref_' || number`,
  created_at: "one.created_at - number * interval '1 second'",
};

function fillOperations(): Promise<void> {
  const completed = { status: "'completed'", completed_at: "one.created_at" };
  return copy("operations", ROWS, { ...HANGING, ...completed, operation_id: "'op_' || number" });
}

function fillDataRequests(): Promise<void> {
  const fulfilled = { status: "'fulfilled'", fulfilled_at: "one.created_at" };
  return copy("data_requests", ROWS, { ...HANGING, ...fulfilled, data_request_id: "'dr_' || number" });
}

function fillHistory({ userId }: Owner): Promise<void> {
  const changed = { user_id: HANGING.user_id, event_id: "'evt_' || number", world: `${HANGING.partner} || '/test'` };
  const at = "one.at - number * interval '1 second'";
  return copy("user_history", ROWS, { ...changed, at }, ["user_id", userId]);
}

function fillDeliveries(): Promise<void> {
  return copy("webhook_deliveries", ROWS, {
    ...HANGING,
    delivery_id: "'del_' || number",
    event_id: "'evt_' || number",
    link_id: "null",
  });
}

function eventOf({ userId }: Owner) {
  return {
    ...{ user_id: userId, sequence: 1, event_id: "evt_template", user_version: 1, type: "user.created" },
    ...{ at: CREATED_AT, command_id: "cmd_1", actor: { kind: "partner", id: "key_1" }, data: {}, private: null },
    world: "acme/test",
  };
}

function deliveryOf({ userId }: Owner) {
  return {
    ...{ delivery_id: "del_template", event_id: "evt_template", receiver: "endpoint:we_1", lane: "we_1" },
    ...{ partner: "acme", environment: "test", endpoint_id: "we_1", link_id: null, url: "https://partner.example" },
    ...{ event_type: "user.created", body: "{}", sequence: 1, user_id: userId, reference_id: TEMPLATE },
    ...{
      traceparent: null,
      ...{ cause: "event", slot_class: "first", is_strict: false },
      replay_id: null,
      parked_at: null,
      status: "delivered",
      attempts: 1,
      due_at: CREATED_AT,
      lease_until: null,
      fence: 1,
    },
    ...{ last_status: 200, last_error_class: null, created_at: CREATED_AT, delivered_at: CREATED_AT },
  };
}

type Read = (unit: EntityManager) => Promise<unknown>;

/** How often a table was read whole while something was read, as Postgres itself counts it. */
async function wholeReads(read: Read): Promise<number> {
  const before = await sequentialScans();
  await em().transactional(async (unit) => {
    await runSql(unit, "select pg_stat_force_next_flush()", []);
    await read(unit);
  });
  return (await sequentialScans()) - before;
}

async function sequentialScans(): Promise<number> {
  const sql = "select sum(seq_scan)::int as scans from pg_stat_user_tables where relname = any($1)";
  return (await runSql<{ scans: number }>(em(), sql, [TABLES]))[0]?.scans ?? -1;
}

const page = { page: 1, limit: 100 };
const links = (filter: Parameters<typeof listLinks>[1]["filter"], at = page): Read => {
  return (unit) => listLinks(unit, { scope, filter, now: NOW, ...at });
};

const EVENTS = { type: null, referenceId: null, from: null, to: null, cursor: null, limit: 100 };
const DELIVERIES = { endpointId: null, status: null, event: null, cursor: null, limit: 100 };

const A_DAY = { from: "2026-02-27T00:00:00.000Z", to: "2026-02-28T00:00:00.000Z" };
const REPLAYED = { from: A_DAY.from, to: A_DAY.to, types: null, referenceId: null };
const operations = (filter: Parameters<typeof listOperations>[1]["filter"]): Read => {
  return (unit) => listOperations(unit, { scope, filter, ...page });
};
const deliveries = (search: Partial<typeof DELIVERIES> | object): Read => {
  return (unit) => listWebhookDeliveries(unit, scope, { ...DELIVERIES, ...search });
};

const READS: readonly (readonly [string, Read])[] = [
  ["a partner's newest links", links({})],
  ["a page far behind", links({}, { page: 500, limit: 100 })],
  ["its links of one user", links({ referenceId: "ref_33" })],
  ["its links of a day", links({ from: "2026-02-27T00:00:00.000Z", to: "2026-02-28T00:00:00.000Z" })],
  ["its created links", links({ status: "created" })],
  ["its expired links", links({ status: "expired" })],
  ["its active links", links({ visibility: "active" })],
  ["its completed links, of which there are none", links({ status: "completed" })],
  ["one link", (unit) => findLink(unit, { scope, linkId: "link_33" }, NOW)],
  ["what a widget shows", (unit) => findWidgetSession(unit, "link_33")],
  ["a partner's newest users", (unit) => listUsers(unit, { scope, filter: {}, ...page })],
  ["its users of a state", (unit) => listUsers(unit, { scope, filter: { state: "cip_failed" }, ...page })],
  ["one user", (unit) => readOverviews(unit, [{ ...scope, referenceId: "ref_33" }])],
  ["its operations", (unit) => listOperations(unit, { scope, filter: {}, ...page })],
  ["its operations of one user", (unit) => listOperations(unit, { scope, filter: { referenceId: "ref_33" }, ...page })],
  ["its completed operations", operations({ status: "completed" })],
  ["its failed operations, of which there are none", operations({ status: "failed" })],
  ["the operations of one link", operations({ linkId: "link_33" })],
  ["the operations of one user, by its id", operations({ userId: "user_33" })],
  ["its operations of a day", operations(A_DAY)],
  ["its users of a day", (unit) => listUsers(unit, { scope, filter: A_DAY, ...page })],
  [
    "its users of a state of a day",
    (unit) => listUsers(unit, { scope, filter: { state: "pending", ...A_DAY }, ...page }),
  ],
  [
    "its data requests, fulfilled",
    (unit) => listDataRequests(unit, { scope, filter: { status: "fulfilled" }, now: NOW, ...page }),
  ],
  [
    "its data requests, open",
    (unit) => listDataRequests(unit, { scope, filter: { status: "open" }, now: NOW, ...page }),
  ],
  ["its data requests", (unit) => listDataRequests(unit, { scope, filter: {}, now: NOW, ...page })],
  [
    "its data requests of one user",
    (unit) => listDataRequests(unit, { scope, filter: { referenceId: "ref_33" }, now: NOW, ...page }),
  ],
  ["its events", (unit) => listEvents(unit, scope, EVENTS)],
  ["its events of one user", (unit) => listEvents(unit, scope, { ...EVENTS, referenceId: "ref_33" })],
  ["its events of a type", (unit) => listEvents(unit, scope, { ...EVENTS, type: "user.created" })],
  ["its events of a type that never was", (unit) => listEvents(unit, scope, { ...EVENTS, type: "link.revoked" })],
  ["its events of a day", (unit) => listEvents(unit, scope, { ...EVENTS, ...A_DAY })],
  ["one event", (unit) => findEvent(unit, { scope, eventId: "evt_33" })],
  ["what a replay takes next", (unit) => nextPastEvents(unit, scope, { filter: REPLAYED, after: null, limit: 500 })],
  [
    "what a replay of one user takes next",
    (unit) => nextPastEvents(unit, scope, { filter: { ...REPLAYED, referenceId: "ref_33" }, after: null, limit: 500 }),
  ],
  ["a user's history", (unit) => listHistory(unit, { ...scope, referenceId: "ref_33" }, { cursor: null, limit: 100 })],
  ["its deliveries", (unit) => listWebhookDeliveries(unit, scope, DELIVERIES)],
  ["its deliveries to an endpoint", deliveries({ endpointId: "we_1" })],
  ["its deliveries to an endpoint that has none", deliveries({ endpointId: "we_2" })],
  ["its failed deliveries, of which there are none", deliveries({ status: "failed" })],
  ["its deliveries of an event", deliveries({ event: "user.created" })],
  ["the review queue", (unit) => listReviews(unit, { partner: "p3", ...page })],
  ["who may be known already", (unit) => findSuspectedDuplicates(unit, ["user_33"])],
  ["links whose time has come", (unit) => findLinksToExpire(unit, { until: NOW, limit: 500 })],
];

describe("with 1,000,000 links of 250,000 users nothing is read whole:", () => {
  test.each(READS)("%s", async (_what, read) => {
    expect(await wholeReads(read)).toBe(0);
  });

  test("and the measure itself sees a whole read", async () => {
    const whole: Read = (unit) => runSql(unit, "select count(*) from links where theme = 'x'", []);
    expect(await wholeReads(whole)).toBeGreaterThan(0);
  });
});
