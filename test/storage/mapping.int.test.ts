import { describe, expect, test } from "vitest";
import type { HeldResult } from "../../domain/decision.ts";
import type { PaymentMethod } from "../../domain/user/fields.ts";
import type { Verification } from "../../domain/user/user.ts";
import { toAttempt } from "../../storage/mapping/cip-attempt.ts";
import { toDataRequest } from "../../storage/mapping/data-request.ts";
import { toHeldResult } from "../../storage/mapping/held-result.ts";
import { isoTime, isoTimeOrNull } from "../../storage/mapping/iso-time.ts";
import { toLink } from "../../storage/mapping/link.ts";
import { toOperation } from "../../storage/mapping/operation.ts";
import { toUser } from "../../storage/mapping/user.ts";
import { runSql } from "../../storage/sql.ts";
import { tables } from "../../storage/tables.ts";
import { useDatabase } from "../support/database.ts";
import {
  aUser,
  brokenBy,
  CREATED_AT,
  insertRow,
  LATER,
  storeAttempt,
  storeDataRequest,
  storeHeldResult,
  storeLink,
  storeOperation,
  storeUser,
} from "./rows.ts";

/** Some providers number their revisions by the clock: more than 32 bits. */
const REVISION = 1_700_000_000_000;

const { em } = useDatabase();

/** What breaks careless storage: quotes, placeholders, backslashes, keys out of order. */
const HOSTILE = {
  z: "'; drop table users; --",
  "?": "$1 ?? \\? %s",
  line: "a\nb",
  "": "ñ é 漢 😀",
  10: 1,
  2: 2,
  a: [],
};

describe("what goes in comes out", () => {
  test("a user with every source and an odd referenceId", async () => {
    const { user } = await storeUser(em(), {
      referenceId: `~!@#$%^&*()_+'"\\?/ ${Math.random()}`,
      state: "cip_failed",
      version: 7,
      lastSequence: 12,
      lastAt: LATER,
      assertions: {
        dob: { widget: { sequence: 2, at: CREATED_AT }, partner_api: { sequence: 3, at: LATER } },
        "name.secondName": { widget: { sequence: 4, at: LATER, notApplicable: true } },
      },
      values: { dob: { widget: "1990-02-03", partner_api: "1990-02-04" }, idNumber: { widget: HOSTILE["?"] } },
    });
    const row = await tables(em())
      .selectFrom("users")
      .selectAll()
      .where("user_id", "=", user.userId)
      .executeTakeFirstOrThrow();
    expect(toUser(row)).toEqual(user);
    expect(row.winners).toEqual({ dob: "widget" });
  });

  test("B5 a user with a verification, and a check that belongs to no link", async () => {
    const base = aUser();
    const verification: Verification = {
      attemptId: "cip_acme_1",
      verifiedAt: CREATED_AT,
      policy: "basic@1",
      current: false,
      reverifyBy: LATER,
      change: "material",
      changedPaths: ["dob"],
    };
    const owner = await storeUser(em(), {
      ...base,
      state: "cip_verified",
      cip: {
        ...base.cip,
        ...{ verification, needsReview: true, extraAttempts: 2 },
        verifiedOutputDifferences: [{ path: "dob", similarity: "similar" }],
        eventuallyDue: { policy: "full@1", paths: ["idType"], by: LATER },
      },
      verifiedValues: { idNumber: HOSTILE["?"], dob: "1990-02-03" },
      verifiedNotApplicable: ["name.secondName"],
      flags: [{ flag: "unstable_identity", at: LATER, paths: ["dob"] }],
      identityFlips: [{ source: "partner_api", field: "dob", at: LATER }],
    });
    const attempt = await storeAttempt(em(), owner, {
      ...{ linkId: null, kind: "review", verifiedOutputs: { "name.firstName": HOSTILE["?"] } },
    });
    const { userId } = owner;
    const row = await tables(em())
      .selectFrom("users")
      .selectAll()
      .where("user_id", "=", userId)
      .executeTakeFirstOrThrow();
    expect(toUser(row)).toEqual(owner.user);
    expect([isoTime(row.verified_at ?? ""), isoTime(row.reverify_by ?? "")]).toEqual([CREATED_AT, LATER]);
    const rows = await tables(em()).selectFrom("cip_attempts").selectAll().where("user_id", "=", userId).execute();
    expect(rows.map(toAttempt)).toEqual([attempt]);
    const unknownKind = insertRow(em(), "cip_attempts", {
      ...rows[0],
      attempt_id: "cip_acme_2",
      number: 2,
      kind: "other",
    });
    expect(await brokenBy(unknownKind)).toBe("cip_attempts_kind_check");
  });

  test("a user whom an older release stored lacks nothing", async () => {
    const { user, userId } = await storeUser(em());
    const { verification: _, needsReview: __, extraAttempts: ___, ...older } = user.cip;
    await runSql(em(), "update users set cip = $1::jsonb where user_id = $2", [JSON.stringify(older), userId]);
    const row = await tables(em())
      .selectFrom("users")
      .selectAll()
      .where("user_id", "=", userId)
      .executeTakeFirstOrThrow();
    expect(toUser(row)).toEqual(user);
  });

  test("a link with everything and with nothing", async () => {
    const owner = await storeUser(em());
    const full = await storeLink(em(), owner, {
      status: "revoked",
      openedAt: LATER,
      revokedAt: "2026-03-01T10:31:00.007Z",
      revokeReason: "it's over; really?",
      widgetVersion: 4,
      replaces: "link_acme_before",
      theme: "dark",
      language: "es",
      callbackUrl: "https://partner.example/cb?a=1&b=?",
      redirectUrl: "https://partner.example/done",
      expiredRedirectUrl: "https://partner.example/late",
      metadata: HOSTILE,
    });
    const bare = await storeLink(em(), owner);
    const rows = await tables(em()).selectFrom("links").selectAll().where("user_id", "=", owner.userId).execute();
    const stored = new Map(rows.map((row) => [row.link_id, toLink(row)]));
    expect(stored.get(full.linkId)).toEqual(full);
    expect(stored.get(bare.linkId)).toEqual(bare);
    expect(JSON.stringify(stored.get(full.linkId)?.metadata)).toBe(JSON.stringify(HOSTILE));
  });

  test("P7 a payment method comes back byte-equal, and money with the digits it was stored with", async () => {
    const owner = await storeUser(em());
    const { linkId } = await storeLink(em(), owner);
    const paymentMethod: PaymentMethod = { type: "card", card: { token: "tok_1", last4: "4242", brand: "visa" } };
    const currency = { source: "USD", destination: "MXN" };
    const amount = { send: "100.00", receive: "1705.0", rate: "17.05000", fee: "0", currency };
    const stored = await storeOperation(em(), owner, {
      linkId,
      paymentMethod,
      amount,
      updates: [],
      failureReason: "?",
    });
    const rows = await tables(em()).selectFrom("operations").selectAll().where("link_id", "=", linkId).execute();
    expect(rows.map(toOperation)).toEqual([stored]);
    expect(JSON.stringify(rows[0]?.payment_method)).toBe(JSON.stringify(paymentMethod));
  });

  test("a data request, an identity check and a held result", async () => {
    const owner = await storeUser(em());
    const { linkId } = await storeLink(em(), owner);
    const request = await storeDataRequest(em(), owner, {
      ...{ linkId, status: "fulfilled", fulfilledAt: LATER, closedAt: LATER, remainingFields: [] },
    });
    const seen = {
      provider: "p",
      providerEventId: "e",
      outcome: "failed",
      revision: 2,
      at: LATER,
      effect: "applied",
    } as const;
    const attempt = await storeAttempt(em(), owner, {
      ...{ linkId, number: 3, status: "failed", revision: REVISION, closedAt: LATER, isFinal: true, results: [seen] },
      failure: { code: "expired_document", retryable: false },
    });
    const update = { ...{ operationId: "op_acme_9", provider: "p", providerEventId: "e" }, status: "failed" } as const;
    const held: HeldResult = {
      heldResultId: "held_acme_1",
      heldAt: LATER,
      held: { kind: "operation_update", update: { ...update, amount: null, failureReason: null, occurredAt: LATER } },
    };
    await storeHeldResult(em(), owner.address, held);

    const requests = await tables(em()).selectFrom("data_requests").selectAll().where("link_id", "=", linkId).execute();
    const attempts = await tables(em()).selectFrom("cip_attempts").selectAll().where("link_id", "=", linkId).execute();
    const results = await tables(em()).selectFrom("held_results").selectAll().execute();
    expect(requests.map(toDataRequest)).toEqual([request]);
    expect(attempts.map(toAttempt)).toEqual([attempt]);
    expect(results.map(toHeldResult)).toEqual([held]);
    expect(results[0]).toMatchObject({ kind: "operation_update", operation_id: "op_acme_9", attempt_id: null });
  });
});

test.each(["2026-03-01T10:00:00.000Z", "2026-03-01T10:00:00.120Z", "1999-12-31T23:59:59.999Z"])(
  "the time %s is the same after Postgres, also as part of a JSON row and in a session of another zone",
  async (at) => {
    const [row] = await em().transactional(async (unit) => {
      await runSql(unit, "set local time zone 'America/Mexico_City'", []);
      return runSql<{ at: string; row: { at: string } }>(
        unit,
        "select t.at, to_json(t) as row from (select $1::timestamptz(3) as at) t",
        [at],
      );
    });
    expect([isoTime(row?.at ?? ""), isoTime(row?.row.at ?? "")]).toEqual([at, at]);
    expect(isoTimeOrNull(null)).toBeNull();
  },
);
