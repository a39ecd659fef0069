import { describe, expect, test } from "vitest";
import { DEFAULT_SETTINGS } from "../../domain/partner.ts";
import { refusal } from "../../domain/refusals.ts";
import { createReads } from "../../gateway/reads.ts";
import { createPartner, setSuspended } from "../../storage/configuration/partners.ts";
import { addressesOfAttempts, addressesOfOperations } from "../../storage/queries/addresses.ts";
import { findDecidedCommand } from "../../storage/queries/commands.ts";
import { findDataRequest } from "../../storage/queries/data-requests.ts";
import { findHeldResultsToPark, findLinksToExpire } from "../../storage/queries/due.ts";
import { findLink } from "../../storage/queries/links.ts";
import { findWidgetSession } from "../../storage/queries/widget-session.ts";
import type { Scope } from "../../storage/scope.ts";
import { useDatabase } from "../support/database.ts";
import {
  aUser,
  CREATED_AT,
  EXPIRES_AT,
  insertRow,
  LATER,
  storeAttempt,
  storeDataRequest,
  storeHeldResult,
  storeLink,
  storeOperation,
  storeUser,
  uniqueName,
} from "./rows.ts";

const { em } = useDatabase();
const BEFORE_EXPIRY = "2026-03-01T10:59:59.999Z";
const ours: Scope = { partner: "acme", environment: "test" };
const strangers: Scope[] = [
  { partner: "other", environment: "test" },
  { partner: "acme", environment: "live" },
];

describe("one link", () => {
  test("comes with its user and newest operation; another partner's is not there", async () => {
    const owner = await storeUser(em());
    const link = await storeLink(em(), owner, { status: "in_progress", openedAt: LATER });
    const failed = { linkId: link.linkId, status: "failed", failedAt: LATER } as const;
    await storeOperation(em(), owner, failed);
    const newest = await storeOperation(em(), owner, { ...failed, createdAt: LATER });
    const { user, userId, address } = owner;
    const found = await findLink(em(), { scope: ours, linkId: link.linkId }, LATER);
    expect(found).toEqual({ link, user, userId, address, operation: newest });
    expect(await createReads(em).readLink({ scope: ours, linkId: link.linkId })).toEqual({ link, userId, address });
    for (const scope of strangers) {
      expect(await findLink(em(), { scope, linkId: link.linkId }, LATER)).toBeNull();
      expect(await createReads(em).readLink({ scope, linkId: link.linkId })).toBeNull();
    }
  });

  test("C7 reads as expired from the instant of expiresAt, unless a transfer holds it (C8)", async () => {
    const owner = await storeUser(em());
    const { linkId } = await storeLink(em(), owner, { status: "opened", openedAt: LATER });
    const statusAt = async (now: string) => (await findLink(em(), { scope: ours, linkId }, now))?.link.status;
    expect(await statusAt(BEFORE_EXPIRY)).toBe("opened");
    expect(await statusAt(EXPIRES_AT)).toBe("expired");
    expect((await createReads(em).readLink({ scope: ours, linkId }))?.link.status).toBe("opened");
    const other = await storeUser(em());
    const committed = { status: "in_progress", openedAt: LATER, committedOperationId: "op_acme_1" } as const;
    const held = await storeLink(em(), other, committed);
    expect((await findLink(em(), { scope: ours, linkId: held.linkId }, EXPIRES_AT))?.link.status).toBe("in_progress");
  });

  test("a session needs the link alone and has its partner's settings", async () => {
    const partner = `p-${uniqueName()}`;
    await createPartner(em(), { slug: partner, name: "P", settings: { maxCipAttempts: 9 } }, CREATED_AT);
    const owner = await storeUser(em(), { partner });
    const link = await storeLink(em(), owner);
    const expected = { link, ...owner, operation: null, settings: { ...DEFAULT_SETTINGS, maxCipAttempts: 9 } };
    expect(await findWidgetSession(em(), link.linkId)).toEqual({ ...expected, isSuspended: false });
    await setSuspended(em(), { slug: partner, isSuspended: true }, LATER);
    expect(await findWidgetSession(em(), link.linkId)).toMatchObject({ isSuspended: true });
    expect(await findWidgetSession(em(), "link_acme_unknown")).toBeNull();
  });
});

describe("one user", () => {
  test("S6 comes with its active link, its open data request and its newest operations", async () => {
    const owner = await storeUser(em(), { values: { dob: { widget: "1990-02-03" } } });
    const old = await storeLink(em(), owner, { status: "completed", openedAt: LATER, completedAt: LATER });
    const activeLink = await storeLink(em(), owner, { status: "in_progress", openedAt: LATER });
    await storeDataRequest(em(), owner, { linkId: old.linkId, status: "superseded", closedAt: LATER });
    const openDataRequest = await storeDataRequest(em(), owner, { linkId: activeLink.linkId });
    const operations = [];
    for (let minute = 10; minute < 22; minute += 1) {
      const given = { linkId: old.linkId, status: "completed", completedAt: LATER } as const;
      operations.unshift(await storeOperation(em(), owner, { ...given, createdAt: `2026-03-01T10:${minute}:00.000Z` }));
    }
    expect(await createReads(em).findUser(owner.address, LATER)).toEqual({
      ...{ user: owner.user, activeLink, openDataRequest },
      lastOperations: operations.slice(0, 10),
    });
    expect(await createReads(em).findUser(owner.address, EXPIRES_AT)).toMatchObject({
      activeLink: null,
      openDataRequest: null,
    });
  });

  test("an unknown one, and everybody else's, is not there", async () => {
    const { address } = await storeUser(em());
    for (const scope of strangers) expect(await createReads(em).findUser({ ...address, ...scope }, LATER)).toBeNull();
    expect(
      await createReads(em).findUser({ ...address, referenceId: address.referenceId.toUpperCase() }, LATER),
    ).toBeNull();
    expect(await createReads(em).findUser({ ...address, referenceId: "' or 1=1 --" }, LATER)).toBeNull();
  });
});

test("D3 a data request is its partner's alone, and expired as soon as its link is", async () => {
  const owner = await storeUser(em());
  const { linkId } = await storeLink(em(), owner);
  const dataRequest = await storeDataRequest(em(), owner, { linkId });
  const { dataRequestId } = dataRequest;
  const { userId, address } = owner;
  const find = (scope: Scope, now: string) => findDataRequest(em(), { scope, dataRequestId }, now);
  expect(await find(ours, BEFORE_EXPIRY)).toEqual({ dataRequest, userId, address });
  expect(await find(ours, EXPIRES_AT)).toMatchObject({ dataRequest: { status: "expired" } });
  for (const scope of strangers) expect(await find(scope, LATER)).toBeNull();
  const other = await storeUser(em());
  const { linkId: otherLink } = await storeLink(em(), other);
  const times = { fulfilledAt: LATER, closedAt: LATER };
  const answered = await storeDataRequest(em(), other, { linkId: otherLink, status: "fulfilled", ...times });
  const later = await findDataRequest(em(), { scope: ours, dataRequestId: answered.dataRequestId }, EXPIRES_AT);
  expect(later?.dataRequest).toEqual(answered);
});

test("a command is found when it is decided, by its partner only", async () => {
  const commandId = `cmd_acme_${uniqueName()}`;
  const find = (scope: Scope) => findDecidedCommand(em(), { scope, commandId });
  expect(await find(ours)).toBeNull();
  const decided = { outcome: "refused", refusal: refusal("ACTIVE_LINK_EXISTS", { existingLinkId: "link_1" }) } as const;
  await insertRow(em(), "decisions", {
    ...{ ...ours, ...decided, command_id: commandId, reference_id: "ref-1", command_type: "CreateLink" },
    decided_at: LATER,
  });
  expect(await find(ours)).toEqual({
    ...decided,
    commandId,
    commandType: "CreateLink",
    answer: null,
    decidedAt: LATER,
  });
  for (const scope of strangers) expect(await find(scope)).toBeNull();
});

test("B2 whose attempts and operations these are, unknown ones left out", async () => {
  const [first, second] = [await storeUser(em()), await storeUser(em(), { partner: "other" })];
  const links = [await storeLink(em(), first), await storeLink(em(), second)] as const;
  const attempt = await storeAttempt(em(), first, { linkId: links[0].linkId });
  const operation = await storeOperation(em(), second, { linkId: links[1].linkId });
  const attempts = await addressesOfAttempts(em(), [attempt.attemptId, "cip_unknown"]);
  expect([...attempts]).toEqual([[attempt.attemptId, first.address]]);
  const operations = await addressesOfOperations(em(), ["op_unknown", operation.operationId]);
  expect([...operations]).toEqual([[operation.operationId, second.address]]);
  expect((await addressesOfAttempts(em(), [])).size + (await addressesOfOperations(em(), [])).size).toBe(0);
});

describe("what is due", () => {
  test("G7 links whose time has come, longest overdue first, none twice, none that has ended or is held", async () => {
    const expiring = async (minute: number, given: object = {}) => {
      const owner = await storeUser(em(), aUser({ partner: "due" }));
      const times = { createdAt: "2020-01-01T00:00:00.000Z", expiresAt: `2020-01-01T01:0${minute}:00.000Z` };
      const link = await storeLink(em(), owner, { ...times, ...given });
      return { id: link.linkId, at: link.expiresAt, address: owner.address };
    };
    const later = await expiring(2);
    const first = await expiring(1, { status: "opened", openedAt: CREATED_AT });
    const ties = [await expiring(3), await expiring(3)].toSorted((a, b) => (a.id < b.id ? -1 : 1));
    await expiring(1, { status: "revoked", revokedAt: CREATED_AT });
    await expiring(1, { status: "in_progress", openedAt: CREATED_AT, committedOperationId: "op_due" });
    await expiring(5);

    const until = "2020-01-01T01:03:00.000Z";
    const all = await findLinksToExpire(em(), { until, limit: 10 });
    expect(all).toEqual([first, later, ...ties]);
    const seen = [];
    for (let part = all.slice(0, 1); part.length > 0; ) {
      seen.push(...part);
      const after = seen.at(-1);
      part = [...(await findLinksToExpire(em(), { until, limit: 1, ...(after ? { after } : {}) }))];
    }
    expect(seen).toEqual(all);
  });

  test("B2 results that are held too long, longest first", async () => {
    const { address } = await storeUser(em());
    const held = (heldResultId: string, heldAt: string) =>
      storeHeldResult(em(), address, {
        ...{ heldResultId, heldAt },
        held: {
          kind: "cip_result",
          attemptId: null,
          result: {
            ...{ provider: "p", providerEventId: heldResultId, outcome: "verified", revision: null, reasons: [] },
            ...{ isFinal: false, missingFields: [], occurredAt: heldAt },
          },
        },
      });
    await held("held_2", LATER);
    await held("held_1", CREATED_AT);
    await held("held_3", EXPIRES_AT);
    const found = await findHeldResultsToPark(em(), { until: LATER, limit: 10 });
    expect(found).toEqual([
      { id: "held_1", at: CREATED_AT, address },
      { id: "held_2", at: LATER, address },
    ]);
    const after = { id: "held_1", at: CREATED_AT };
    expect(await findHeldResultsToPark(em(), { until: LATER, limit: 10, after })).toEqual(found.slice(1));
  });
});
