import { beforeAll, describe, expect, test } from "vitest";
import { LINK_STATUSES, type Link } from "../../domain/link/link.ts";
import { statusAt } from "../../domain/link/states.ts";
import type { Operation } from "../../domain/operation/operation.ts";
import { type LinkFilter, listLinks } from "../../storage/queries/links.ts";
import { listOperations, type OperationFilter } from "../../storage/queries/operations.ts";
import { runSql } from "../../storage/sql.ts";
import { useDatabase } from "../support/database.ts";
import { LATER, type Owner, storeLink, storeOperation, storeUser } from "./rows.ts";

const { em } = useDatabase();
const scope = { partner: "acme", environment: "test" } as const;
const NOW = "2026-03-02T00:00:00.000Z";
const PAST = "2026-03-01T23:59:59.999Z";
const FUTURE = "2026-03-02T00:00:00.001Z";

/** One link per status on either side of `NOW`, and one exactly there; each of another user, one minute apart. */
const links: Link[] = [];
const owners: Owner[] = [];
const operations: Operation[] = [];

beforeAll(async () => {
  const times = (status: Link["status"]) => ({
    openedAt: ["opened", "in_progress", "completed"].includes(status) ? LATER : null,
    completedAt: status === "completed" ? LATER : null,
    expiredAt: status === "expired" ? LATER : null,
    revokedAt: status === "revoked" ? LATER : null,
  });
  const store = async (given: Partial<Link>) => {
    const owner = await storeUser(em());
    const createdAt = new Date(Date.parse("2026-03-01T00:00:00.000Z") + links.length * 60_000).toISOString();
    links.push(await storeLink(em(), owner, { createdAt, ...given }));
    owners.push(owner);
  };
  for (const status of LINK_STATUSES) {
    await store({ status, expiresAt: PAST, ...times(status) });
    await store({ status, expiresAt: FUTURE, ...times(status) });
  }
  await store({ expiresAt: NOW });
  const committed = { status: "in_progress", ...times("in_progress"), committedOperationId: "op_acme_1" } as const;
  await store({ ...committed, expiresAt: PAST });
  for (const [index, owner] of owners.slice(0, 5).entries()) {
    const status = index < 3 ? ("created" as const) : ("failed" as const);
    const given = { linkId: links[index]?.linkId ?? "", status, failedAt: index < 3 ? null : LATER };
    // The last two at the same moment: their order is that of their ids.
    const createdAt = `2026-03-01T10:0${Math.min(index, 3)}:00.000Z`;
    operations.push(await storeOperation(em(), owner, { ...given, createdAt }));
  }
  const strangers = [await storeUser(em(), { partner: "other" }), await storeUser(em(), { environment: "live" })];
  for (const stranger of strangers) {
    const { linkId } = await storeLink(em(), stranger);
    await storeOperation(em(), stranger, { linkId });
  }
});

const ids = (found: readonly { link: Link }[]) => found.map(({ link }) => link.linkId);
const list = (filter: LinkFilter = {}, page = { page: 1, limit: 100 }) =>
  listLinks(em(), { scope, filter, now: NOW, ...page });

describe("links", () => {
  test("newest first, with user and newest operation, nobody else's among them", async () => {
    const { items, total } = await list();
    expect(total).toBe(links.length);
    expect(ids(items)).toEqual(links.map(({ linkId }) => linkId).toReversed());
    const oldest = items.at(-1);
    expect(oldest).toMatchObject({ user: owners[0]?.user, address: owners[0]?.address, operation: operations[0] });
    expect(items[0]?.operation).toBeNull();
  });

  test("pages hold each link once, and a page behind the end is empty", async () => {
    const pages = [1, 2, 3, 4].map((page) => list({}, { page, limit: 4 }));
    const parts = await Promise.all(pages);
    expect(parts.flatMap(({ items }) => ids(items))).toEqual(ids((await list()).items));
    expect(await list({}, { page: 5, limit: 4 })).toEqual({ items: [], total: links.length });
    for (const page of [
      { page: 0, limit: 4 },
      { page: 1, limit: 0 },
      { page: 1, limit: 101 },
      { page: 1.5, limit: 1 },
    ]) {
      await expect(list({}, page)).rejects.toThrow(RangeError);
    }
  });

  test.each(LINK_STATUSES)("C a filter by %s agrees with what each link's status is at this moment", async (status) => {
    const { items, total } = await list({ status });
    const expected = links.filter((link) => statusAt(link, NOW) === status).map(({ linkId }) => linkId);
    expect(ids(items)).toEqual(expected.toReversed());
    expect(total).toBe(expected.length);
    expect(items.every(({ link }) => link.status === status)).toBe(true);
  });

  test("every unrevoked link is either active or expired, by its time", async () => {
    const [active, expired] = [await list({ visibility: "active" }), await list({ visibility: "expired" })];
    const isPast = ({ expiresAt, committedOperationId, status }: Link) =>
      status === "expired" || (expiresAt <= NOW && committedOperationId === null);
    const unrevoked = links.filter(({ status }) => status !== "revoked").toReversed();
    expect(ids(expired.items)).toEqual(unrevoked.filter(isPast).map(({ linkId }) => linkId));
    expect(ids(active.items)).toEqual(unrevoked.filter((link) => !isPast(link)).map(({ linkId }) => linkId));
    expect(active.total + expired.total).toBe(unrevoked.length);
  });

  test("from and to are inclusive, and filters go together", async () => {
    const [from, to] = [links[2]?.createdAt ?? "", links[4]?.createdAt ?? ""];
    expect(ids((await list({ from, to })).items)).toEqual([4, 3, 2].map((index) => links[index]?.linkId));
    const referenceId = owners[3]?.address.referenceId ?? "";
    expect(ids((await list({ from, to, referenceId })).items)).toEqual([links[3]?.linkId]);
    expect((await list({ from, to, referenceId, status: "revoked" })).total).toBe(0);
    expect((await list({ referenceId: "' or ''='" })).total).toBe(0);
  });
});

describe("operations", () => {
  const find = (filter: OperationFilter = {}, page = { page: 1, limit: 100 }) =>
    listOperations(em(), { scope, filter, ...page });
  const operationIds = async (filter: OperationFilter) =>
    (await find(filter)).items.map(({ operation }) => operation.operationId);

  test("newest first, ties by id, with whose they are, nobody else's among them", async () => {
    const { items, total } = await find();
    const [tieA, tieB] = operations.slice(3).toSorted((a, b) => (a.operationId < b.operationId ? 1 : -1));
    const expected = [tieA, tieB, operations[2], operations[1], operations[0]];
    expect(items.map(({ operation }) => operation)).toEqual(expected);
    expect(total).toBe(5);
    expect(items.at(-1)).toMatchObject({
      userId: owners[0]?.userId,
      referenceId: owners[0]?.address.referenceId,
    });
  });

  test("every filter narrows, and pages hold each once", async () => {
    const first = operations[0];
    const only = [first?.operationId];
    expect(await operationIds({ linkId: first?.linkId ?? "" })).toEqual(only);
    expect(await operationIds({ userId: owners[0]?.userId ?? "" })).toEqual(only);
    expect(await operationIds({ referenceId: owners[0]?.address.referenceId ?? "" })).toEqual(only);
    expect(await operationIds({ to: first?.createdAt ?? "" })).toEqual(only);
    expect(await operationIds({ from: operations[3]?.createdAt ?? "" })).toHaveLength(2);
    expect((await find({ status: "failed" })).total).toBe(2);
    const pages = await Promise.all([1, 2, 3].map((page) => find({}, { page, limit: 2 })));
    expect(pages.flatMap(({ items }) => items)).toEqual((await find()).items);
  });
});

test("lists, look-ups and timers are answered from an index", async () => {
  const plans: [string, string][] = [
    [
      "links_newest_first",
      "select * from links where partner = 'acme' and environment = 'test' order by created_at desc, link_id desc limit 20",
    ],
    [
      "links_of_reference_newest_first",
      "select * from links where partner = 'acme' and environment = 'test' and reference_id = 'r' order by created_at desc, link_id desc limit 20",
    ],
    [
      "links_due_to_expire",
      "select * from links where status in ('created', 'opened', 'in_progress') and committed_operation_id is null and expires_at <= now() order by expires_at, link_id limit 100",
    ],
    [
      // Of several indexes that begin alike a planner without statistics takes any.
      "Index Scan using users_",
      "select * from users where partner = 'acme' and environment = 'test' and reference_id = 'r'",
    ],
    [
      "users_newest_first",
      "select * from users where partner = 'acme' and environment = 'test' order by created_at desc, user_id desc limit 20",
    ],
    [
      "users_of_state_newest_first",
      "select * from users where partner = 'acme' and environment = 'test' and state = 'cip_failed' order by created_at desc, user_id desc limit 20",
    ],
    [
      "data_requests_newest_first",
      "select * from data_requests where partner = 'acme' and environment = 'test' order by created_at desc, data_request_id desc limit 20",
    ],
    [
      "data_requests_of_reference_newest_first",
      "select * from data_requests where partner = 'acme' and environment = 'test' and reference_id = 'r' order by created_at desc, data_request_id desc limit 20",
    ],
    [
      "user_history_newest_first",
      "select * from user_history where world = 'acme/test' and (at, user_id, sequence) < (now(), 'u', 3) order by at desc, user_id desc, sequence desc limit 20",
    ],
    [
      "user_history_pkey",
      "select * from user_history where user_id = 'u' and sequence < 100 order by sequence desc limit 20",
    ],
    ["parked_messages_newest_first", "select * from parked_messages order by parked_at desc, parked_id desc limit 20"],
    [
      "links_one_active_per_user",
      "select * from links where user_id = 'u' and status in ('created', 'opened', 'in_progress')",
    ],
    [
      "operations_by_link",
      "select distinct on (link_id) * from operations where link_id in ('l') order by link_id, created_at desc, operation_id desc",
    ],
    [
      "operations_newest_first",
      "select * from operations where partner = 'acme' and environment = 'test' order by created_at desc, operation_id desc limit 20",
    ],
    ["decisions_pkey", "select * from decisions where command_id in ('c', 'd')"],
    ["api_keys_sha256_unique", "select * from api_keys where sha256 = 'x' and revoked_at is null"],
  ];
  await em().transactional(async (unit) => {
    // The tables are nearly empty: without this the planner would rightly read them whole.
    await runSql(unit, "set local enable_seqscan = off", []);
    for (const [index, sql] of plans) {
      const plan = await runSql(unit, `explain ${sql}`, []);
      expect(JSON.stringify(plan), sql).toContain(index);
    }
  });
});
