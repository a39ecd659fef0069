import { describe, expect, test } from "vitest";
import { createKey, findKeyById, listKeys, revokeKey } from "../../storage/configuration/api-keys.ts";
import {
  findParked,
  listParked,
  lockParked,
  type NewParkedMessage,
  settleParked,
  storeParked,
} from "../../storage/configuration/parked-messages.ts";
import { createPartner, listPartners } from "../../storage/configuration/partners.ts";
import { everyUserOf } from "../../storage/queries/policy-users.ts";
import { listReviews } from "../../storage/queries/reviews.ts";
import { runSql } from "../../storage/sql.ts";
import { useDatabase } from "../support/database.ts";
import { CREATED_AT, LATER, storeLink, storeOperation, storeUser } from "./rows.ts";

const { em } = useDatabase();
const PAGE = { page: 1, limit: 100 };

describe("reviews", () => {
  test("B4, B10, B11, A13, J4 the queue has everybody who waits for a person, each once, and nobody else", async () => {
    const partner = "queue";
    const waiting = await Promise.all([1, 2, 3, 4].map(() => storeUser(em(), { partner })));
    await storeUser(em(), { partner });
    const [flagged, tired, held, transfer] = waiting.map(({ userId }) => userId);
    const set = (userId: string | undefined, change: string) =>
      runSql(em(), `update users set ${change} where user_id = $1`, [userId]);
    await set(flagged, `flags = '[{"flag":"unstable_identity","at":"${LATER}","paths":["dob"]}]'`);
    await set(tired, `cip = cip || '{"needsReview":true}'`);
    await set(held, `cip = cip || '{"isHeldForReview":true}', identity_hash = 'same'`);
    await set(transfer, "identity_hash = 'same'");
    const { linkId } = await storeLink(em(), waiting[3]!);
    const { operationId } = await storeOperation(em(), waiting[3]!, { linkId, isHeldForReview: true });
    const { items, total } = await listReviews(em(), { partner, ...PAGE });
    expect([total, new Set(items.map(({ user }) => user.userId))]).toEqual([
      4,
      new Set([flagged, tired, held, transfer]),
    ]);
    const of = (userId: string | undefined) => items.find(({ user }) => user.userId === userId);
    expect(of(transfer)).toMatchObject({ heldOperationIds: [operationId], isDuplicateSuspected: true });
    expect(of(held)).toMatchObject({ heldOperationIds: [], isDuplicateSuspected: true, reviewAttemptId: null });
    expect(of(flagged)).toMatchObject({ isDuplicateSuspected: false });
    const pages = await Promise.all([1, 2].map((page) => listReviews(em(), { partner, page, limit: 2 })));
    expect(pages.flatMap((page) => page.items)).toEqual(items);
    expect((await listReviews(em(), { partner: "nobody", ...PAGE })).total).toBe(0);
    expect((await listReviews(em(), { partner: null, ...PAGE })).total).toBeGreaterThanOrEqual(4);
  });
});

test("A12 every user of a partner is looked at once, of both environments and of nobody else", async () => {
  const partner = "everybody";
  const mine = await Promise.all(
    [..."123456"].map((digit) => storeUser(em(), { partner, environment: Number(digit) % 2 === 0 ? "test" : "live" })),
  );
  await storeUser(em(), { partner: "somebody" });
  const seen: string[] = [];
  for await (const users of everyUserOf(em, partner)) seen.push(...users.map(({ userId }) => userId));
  expect(seen.toSorted()).toEqual(mine.map(({ userId }) => userId).toSorted());
});

test("keys and partners are listed newest first; a revoked key stays listed with its time", async () => {
  await createPartner(em(), { slug: "keeper", name: "Keeper" }, LATER);
  const make = (now: string) => createKey(em(), { partner: "keeper", environment: "live", permissions: ["read"] }, now);
  const first = await make(CREATED_AT);
  const second = await make(LATER);
  expect(await revokeKey(em(), { partner: "keeper", keyId: first.keyId }, LATER)).toBe(true);
  const { items, total } = await listKeys(em(), { partner: "keeper", ...PAGE });
  expect([total, items.map(({ keyId }) => keyId)]).toEqual([2, [second.keyId, first.keyId]]);
  expect(await findKeyById(em(), first.keyId)).toMatchObject({ prefix: first.prefix, revokedAt: LATER });
  expect(JSON.stringify(items)).not.toContain(second.text);
  expect((await listKeys(em(), { partner: null, ...PAGE })).total).toBe(2);
  expect((await listPartners(em(), PAGE)).items.map(({ slug }) => slug)).toEqual(["keeper"]);
});

describe("parked messages", () => {
  const parked = (parkedId: string, parkedAt: string): NewParkedMessage => ({
    ...{ parkedId, reason: "not_in_schema", detail: "no schema", consumer: "users", topic: "m2m.user-commands" },
    ...{ partition: 3, offset: "12345678901234", key: null, rawBase64: null, parkedAt },
  });

  test("are stored once, listed newest first, and settled once", async () => {
    await storeParked(em(), [parked("0-1", CREATED_AT), parked("0-2", LATER)]);
    await storeParked(em(), [parked("0-2", CREATED_AT)]);
    const listed = await listParked(em(), { status: "parked", ...PAGE });
    expect(listed).toMatchObject({ total: 2, items: [{ parkedId: "0-2", parkedAt: LATER }, { parkedId: "0-1" }] });
    const settlement = { status: "dropped", reason: "by hand", replayCommandId: null } as const;
    const settled = await em().transactional(async (unit) => {
      await lockParked(unit, "0-1");
      return settleParked(unit, { parkedId: "0-1", settlement }, LATER);
    });
    expect(settled).toBe(true);
    expect(await settleParked(em(), { parkedId: "0-1", settlement }, LATER)).toBe(false);
    expect(await findParked(em(), "0-1")).toEqual({
      ...parked("0-1", CREATED_AT),
      ...{ status: "dropped", settledAt: LATER, settledReason: "by hand", replayCommandId: null },
    });
    expect((await listParked(em(), { status: "parked", ...PAGE })).total).toBe(1);
    expect((await listParked(em(), { status: null, ...PAGE })).total).toBe(2);
    expect(await findParked(em(), "0-9")).toBeNull();
  });
});
