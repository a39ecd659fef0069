import { describe, expect, test } from "vitest";
import { runSql } from "../../storage/sql.ts";
import { useDatabase } from "../support/database.ts";
import {
  brokenBy,
  CREATED_AT,
  insertRow,
  LATER,
  storeAttempt,
  storeDataRequest,
  storeLink,
  storeOperation,
  storeUser,
  uniqueName,
} from "./rows.ts";

const { em } = useDatabase();

describe("users", () => {
  test("S1 one user per partner, environment and referenceId", async () => {
    const { user } = await storeUser(em());
    const other = { ...user, userId: `user_acme_${uniqueName()}` };
    expect(await brokenBy(storeUser(em(), other))).toBe("users_one_per_reference");
    expect(await brokenBy(storeUser(em(), { ...other, environment: "live" }))).toBe("nothing");
    expect(await brokenBy(storeUser(em(), { ...other, userId: "user_other", partner: "other" }))).toBe("nothing");
  });

  test("B13 a referenceId is case-sensitive and has 1..255 characters", async () => {
    const { user } = await storeUser(em(), { referenceId: `Ref-${uniqueName()}` });
    const lower = { referenceId: user.referenceId.toLowerCase() };
    expect(await brokenBy(storeUser(em(), lower))).toBe("nothing");
    expect(await brokenBy(storeUser(em(), { referenceId: "" }))).toBe("users_reference_id_form");
    expect(await brokenBy(storeUser(em(), { referenceId: "r".repeat(256) }))).toBe("users_reference_id_form");
  });

  test("S5 a state that does not exist is refused", async () => {
    expect(await brokenBy(storeUser(em(), { state: "verified" as "cip_verified" }))).toBe("users_state_check");
  });

  test("a stored user has at least one version and one event", async () => {
    expect(await brokenBy(storeUser(em(), { version: 0 }))).toBe("users_version_positive");
    expect(await brokenBy(storeUser(em(), { lastSequence: 0 }))).toBe("users_version_positive");
  });
});

describe("links", () => {
  test.each(["created", "opened", "in_progress"] as const)(
    "P3 S10 no second active link beside one %s",
    async (status) => {
      const owner = await storeUser(em());
      await storeLink(em(), owner, { status, openedAt: status === "created" ? null : LATER });
      expect(await brokenBy(storeLink(em(), owner))).toBe("links_one_active_per_user");
    },
  );

  test("S11 a new link beside ended ones, and an active one for every other user", async () => {
    const owner = await storeUser(em());
    await storeLink(em(), owner, { status: "completed", openedAt: LATER, completedAt: LATER });
    await storeLink(em(), owner, { status: "expired", expiredAt: LATER });
    await storeLink(em(), owner, { status: "revoked", revokedAt: LATER });
    expect(await brokenBy(storeLink(em(), owner))).toBe("nothing");
    expect(await brokenBy(storeLink(em(), await storeUser(em())))).toBe("nothing");
  });

  test("an ended link stands aside before a new one begins: the other way round is refused", async () => {
    const owner = await storeUser(em());
    const old = await storeLink(em(), owner);
    const end = "update links set status = 'revoked', revoked_at = $2 where link_id = $1";
    await em().transactional(async (unit) => {
      await runSql(unit, end, [old.linkId, LATER]);
      await storeLink(unit, owner);
    });
    expect(await brokenBy(storeLink(em(), owner))).toBe("links_one_active_per_user");
  });

  test.each([
    ["links_expiry_after_creation", { expiresAt: CREATED_AT }],
    ["links_opened_at", { status: "opened" }],
    ["links_opened_at", { openedAt: LATER }],
    ["links_completed_at", { status: "completed", openedAt: LATER }],
    ["links_completed_at", { completedAt: LATER }],
    ["links_expired_at", { status: "expired" }],
    ["links_revoked_at", { status: "revoked" }],
    ["links_committed_in_progress", { committedOperationId: "op_acme_1" }],
    ["links_widget_version_positive", { widgetVersion: -1 }],
    ["links_status_check", { status: "gone", openedAt: LATER }],
    ["links_language_check", { language: "fr" }],
  ])("%s refuses %j", async (constraint, given) => {
    expect(await brokenBy(storeLink(em(), await storeUser(em()), given as object))).toBe(constraint);
  });

  test("C8 a committed link cannot be written as expired or revoked", async () => {
    const owner = await storeUser(em());
    const committed = { status: "in_progress", openedAt: LATER, committedOperationId: "op_acme_1" } as const;
    const { linkId } = await storeLink(em(), owner, committed);
    const expire = "update links set status = 'expired', expired_at = $2 where link_id = $1";
    const revoke = "update links set status = 'revoked', revoked_at = $2 where link_id = $1";
    expect(await brokenBy(runSql(em(), expire, [linkId, LATER]))).toBe("links_committed_in_progress");
    expect(await brokenBy(runSql(em(), revoke, [linkId, LATER]))).toBe("links_committed_in_progress");
  });

  test("a link belongs to a stored user", async () => {
    const owner = { ...(await storeUser(em())), userId: "user_acme_nobody" };
    expect(await brokenBy(storeLink(em(), owner))).toBe("links_user_id_foreign");
  });
});

describe("data requests, attempts, operations", () => {
  test("D11 one open data request per user, partially answered counts as open", async () => {
    const owner = await storeUser(em());
    const { linkId } = await storeLink(em(), owner);
    await storeDataRequest(em(), owner, { linkId, status: "partially_answered" });
    expect(await brokenBy(storeDataRequest(em(), owner, { linkId }))).toBe("data_requests_one_open_per_user");
    const closed = { linkId, status: "superseded", closedAt: LATER } as const;
    expect(await brokenBy(storeDataRequest(em(), owner, closed))).toBe("nothing");
  });

  test.each([
    ["data_requests_open_times", { closedAt: LATER }],
    ["data_requests_open_times", { fulfilledAt: LATER }],
    ["data_requests_fulfilled_at", { status: "fulfilled", closedAt: LATER }],
    ["data_requests_status_check", { status: "lost" }],
  ])("%s refuses %j", async (constraint, given) => {
    const owner = await storeUser(em());
    const { linkId } = await storeLink(em(), owner);
    expect(await brokenBy(storeDataRequest(em(), owner, { linkId, ...(given as object) }))).toBe(constraint);
  });

  test("B16 one open attempt per user, and each number once", async () => {
    const owner = await storeUser(em());
    const { linkId } = await storeLink(em(), owner);
    await storeAttempt(em(), owner, { linkId, number: 1 });
    expect(await brokenBy(storeAttempt(em(), owner, { linkId, number: 2 }))).toBe("cip_attempts_one_open_per_user");
    const failed = { linkId, status: "failed", closedAt: LATER } as const;
    expect(await brokenBy(storeAttempt(em(), owner, { ...failed, number: 1 }))).toBe("cip_attempts_number_per_user");
    expect(await brokenBy(storeAttempt(em(), owner, { ...failed, number: 2 }))).toBe("nothing");
  });

  test.each([
    ["cip_attempts_closed_at", { closedAt: LATER }],
    ["cip_attempts_closed_at", { status: "verified" }],
    ["cip_attempts_number_positive", { number: 0 }],
    ["cip_attempts_status_check", { status: "passed", closedAt: LATER }],
  ])("%s refuses %j", async (constraint, given) => {
    const owner = await storeUser(em());
    const { linkId } = await storeLink(em(), owner);
    expect(await brokenBy(storeAttempt(em(), owner, { linkId, ...(given as object) }))).toBe(constraint);
  });

  test("J2 one open operation per link; a new one after it failed", async () => {
    const owner = await storeUser(em());
    const { linkId } = await storeLink(em(), owner);
    const first = await storeOperation(em(), owner, { linkId, status: "processing", processingAt: LATER });
    expect(await brokenBy(storeOperation(em(), owner, { linkId }))).toBe("operations_one_open_per_link");
    const fail = "update operations set status = 'failed', failed_at = $2 where operation_id = $1";
    await runSql(em(), fail, [first.operationId, LATER]);
    expect(await brokenBy(storeOperation(em(), owner, { linkId }))).toBe("nothing");
  });

  const amount = {
    send: "1.00",
    receive: "17.05",
    rate: "17.05",
    fee: "0",
    currency: { source: "USD", destination: "MXN" },
  };

  test.each([
    ["operations_amount", { amount: { ...amount, send: "0" } }],
    ["operations_amount", { amount: { ...amount, fee: "-0.01" } }],
    ["operations_currencies", { amount: { ...amount, currency: { source: "usd", destination: "MXN" } } }],
    ["operations_completed_at", { status: "completed" }],
    ["operations_failed_at", { failedAt: LATER }],
    ["operations_cancelled_at", { status: "cancelled" }],
    ["operations_status_check", { status: "sent" }],
  ])("%s refuses %j", async (constraint, given) => {
    const owner = await storeUser(em());
    const { linkId } = await storeLink(em(), owner);
    expect(await brokenBy(storeOperation(em(), owner, { linkId, ...(given as object) }))).toBe(constraint);
  });
});

describe("history, decisions, outbox, progress", () => {
  const event = (userId: string, given: object = {}) => ({
    user_id: userId,
    sequence: 1,
    event_id: `evt_acme_${uniqueName()}`,
    user_version: 1,
    type: "user.created",
    at: CREATED_AT,
    command_id: "cmd_acme_1",
    actor: { kind: "timer", id: null },
    data: {},
    private: null,
    ...given,
  });

  test("P11 a user has each sequence once, and an event id stands once in all", async () => {
    const { userId } = await storeUser(em());
    const first = event(userId);
    await insertRow(em(), "user_history", first);
    expect(await brokenBy(insertRow(em(), "user_history", event(userId)))).toBe("user_history_pkey");
    const copied = event(userId, { sequence: 2, event_id: first.event_id });
    expect(await brokenBy(insertRow(em(), "user_history", copied))).toBe("user_history_event_id_unique");
    const early = event(userId, { sequence: 0 });
    expect(await brokenBy(insertRow(em(), "user_history", early))).toBe("user_history_sequence_positive");
  });

  const decision = (given: object = {}) => ({
    command_id: `cmd_acme_${uniqueName()}`,
    partner: "acme",
    environment: "test",
    reference_id: "ref-1",
    command_type: "OpenLink",
    outcome: "applied",
    answer: { kind: "done" },
    refusal: null,
    decided_at: CREATED_AT,
    ...given,
  });

  test("a command of a user is decided once, with an answer or with a refusal", async () => {
    const first = decision();
    await insertRow(em(), "decisions", first);
    expect(await brokenBy(insertRow(em(), "decisions", first))).toBe("decisions_pkey");
    expect(await brokenBy(insertRow(em(), "decisions", { ...first, reference_id: "ref-2" }))).toBe("nothing");
    for (const given of [{ answer: null }, { outcome: "refused" }, { refusal: { code: "INTERNAL_ERROR" } }]) {
      expect(await brokenBy(insertRow(em(), "decisions", decision(given)))).toBe("decisions_answer_or_refusal");
    }
  });

  test.each([
    ["outbox_event_named", { kind: "event" }],
    ["outbox_cip_request_named", { kind: "cip_request" }],
    ["outbox_operation_request_named", { kind: "operation_request", reference: "op_acme_1" }],
    ["outbox_parked_whole", { kind: "parked" }],
    ["outbox_kind_check", { kind: "letter" }],
    ["nothing", { kind: "operation_request", reference: "op_acme_1", action: "execute" }],
  ])("%s for the outbox row %j", async (constraint, given) => {
    const sql = `insert into outbox (source_partition, topic, kind, message_key, reference, action, created_at)
      values (0, 'userEvents', $1, 'acme/test/1', $2, $3, $4)`;
    const { kind, reference = null, action = null } = given as { kind: string; reference?: string; action?: string };
    expect(await brokenBy(runSql(em(), sql, [kind, reference, action, CREATED_AT]))).toBe(constraint);
  });

  test("a partition has one row of progress, and it counts from 0", async () => {
    const progress = { topic: "t", partition: 1, cluster_id: "c", next_offset: 0, published_through: 0 };
    await insertRow(em(), "consumer_progress", progress);
    expect(await brokenBy(insertRow(em(), "consumer_progress", progress))).toBe("consumer_progress_pkey");
    const broken = { ...progress, partition: 2, next_offset: -1 };
    expect(await brokenBy(insertRow(em(), "consumer_progress", broken))).toBe("consumer_progress_positive");
  });
});
