import type { EntityManager } from "@mikro-orm/postgresql";
import { beforeAll, describe, expect, test } from "vitest";
import { findLinksToExpire } from "../../storage/queries/due.ts";
import { findLink, listLinks } from "../../storage/queries/links.ts";
import { findUser, listUsers } from "../../storage/queries/users.ts";
import { findWidgetSession } from "../../storage/queries/widget-session.ts";
import { runSql } from "../../storage/sql.ts";
import { useDatabase } from "../support/database.ts";
import { storeLink, storeUser } from "./rows.ts";

const LINKS = 1_000_000;
const USERS = 250_000;
const PARTNERS = 10;
/** The referenceId of the one user whose rows are copied. */
const TEMPLATE = "template";
/** Rows of one statement: well below the time that a statement may take. */
const PART = 50_000;
const FILL_WITHIN_MS = 300_000;

const { em } = useDatabase();
const scope = { partner: "p3", environment: "test" } as const;
const NOW = "2026-03-02T00:00:00.000Z";

beforeAll(async () => {
  const owner = await storeUser(em(), { referenceId: TEMPLATE });
  await storeLink(em(), owner);
  await fillUsers();
  await fillLinks();
  await runSql(em(), "vacuum analyze users", []);
  await runSql(em(), "vacuum analyze links", []);
}, FILL_WITHIN_MS);

/** Copies the one stored row so many times, with other values in some columns. */
async function copy(table: string, count: number, changed: Readonly<Record<string, string>>): Promise<void> {
  const columns = await runSql<{ name: string }>(
    em(),
    "select column_name as name from information_schema.columns where table_name = $1 and table_schema = 'public'",
    [table],
  );
  const names = columns.map(({ name }) => `"${name}"`).join(", ");
  const values = columns.map(({ name }) => changed[name] ?? `one."${name}"`).join(", ");
  const sql = `insert into ${table} (${names}) select ${values}
    from (select * from ${table} where reference_id = $3) as one, generate_series($1::int, $2::int) as number`;
  for (let first = 0; first < count; first += PART) await runSql(em(), sql, [first, first + PART - 1, TEMPLATE]);
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
  const sql = "select sum(seq_scan)::int as scans from pg_stat_user_tables where relname in ('users', 'links')";
  return (await runSql<{ scans: number }>(em(), sql, []))[0]?.scans ?? -1;
}

const page = { page: 1, limit: 100 };
const links = (filter: Parameters<typeof listLinks>[1]["filter"], at = page): Read => {
  return (unit) => listLinks(unit, { scope, filter, now: NOW, ...at });
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
  ["one user", (unit) => findUser(unit, { ...scope, referenceId: "ref_33" }, NOW)],
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
