import { afterAll, beforeAll, expect, test } from "vitest";
import { type CallAnswer, call } from "../support/call.ts";
import { BANK_ACCOUNT, BASIC_DATA, CURRENCY } from "../support/domain-commands.ts";
import { type System, startSystem } from "../support/system.ts";
import { until } from "../support/until.ts";

const ADMIN_KEY = "an admin key for tests only";

let system: System;
let key: string;

beforeAll(async () => {
  system = await startSystem({
    consumers: ["users", "cip-results", "operation-updates", "sandbox"],
    environment: { ADMIN_KEY },
  });
  key = (await system.newPartner()).apiKey;
});

afterAll(() => system.stop());

const partner = (method: string, path: string, body?: unknown): Promise<CallAnswer> =>
  call(system.gatewayUrl, { method, path: `/partner${path}`, key, ...(body === undefined ? {} : { body }) });

const statusOf = async (path: string): Promise<string> => (await partner("GET", path)).body.data.status;

interface OpenLink {
  readonly linkId: string;
  readonly widget: (method: string, path: string, body?: unknown) => Promise<CallAnswer>;
}

/** A link that its user has opened; the user has all that a transfer needs. */
async function openedLink(referenceId: string): Promise<OpenLink> {
  const userData = { ...BASIC_DATA, paymentMethod: BANK_ACCOUNT };
  const { body } = await partner("POST", "/links", { referenceId, userData });
  const { linkId, token } = body.data;
  const widget: OpenLink["widget"] = (method, path, sent) =>
    call(system.gatewayUrl, {
      ...{ method, path: `/widget/links/${linkId}${path}`, key: token },
      ...(sent === undefined ? {} : { body: sent }),
    });
  await widget("POST", "/open", {});
  return { linkId, widget };
}

/** The same, verified by the sandbox. */
async function verifiedLink(referenceId: string): Promise<OpenLink> {
  const link = await openedLink(referenceId);
  await link.widget("POST", "/cip", {});
  await until(
    "the user is verified",
    async () => (await link.widget("GET", "")).body.data.userState === "cip_verified",
  );
  return link;
}

test("J5 a user cancels a transfer: asked, agreed by the payment system, and the link is free for another", async () => {
  const { linkId, widget } = await verifiedLink("changes_mind");
  const made = await widget("POST", "/operation", { amount: { send: 60.77, currency: CURRENCY } });
  expect(made.status).toBe(201);
  const { operationId } = made.body.data;
  const asked = await widget("POST", "/operation/cancel", {});
  expect(asked).toMatchObject({ status: 200, body: { data: { operationId, cancellation: "requested" } } });
  await until("it is cancelled", async () => (await statusOf(`/operations/${operationId}`)) === "cancelled");
  const again = await widget("POST", "/operation/cancel", {});
  expect(again).toMatchObject({ status: 200, body: { data: { status: "cancelled", cancellation: "done" } } });
  expect(await statusOf(`/links/${linkId}`)).toBe("in_progress");
  await widget("POST", "/operation", { amount: { send: 61, currency: CURRENCY } });
  await until("the link is completed", async () => (await statusOf(`/links/${linkId}`)) === "completed");
  const late = await widget("POST", "/operation/cancel", {});
  expect(late).toMatchObject({
    status: 409,
    body: { error: { code: "OPERATION_NOT_CANCELLABLE", status: "completed" } },
  });
});

test("J6 an operator resolves a transfer that nobody answers, and everybody sees that he did", async () => {
  const { linkId, widget } = await verifiedLink("never_answered");
  const made = await widget("POST", "/operation", { amount: { send: 70.77, currency: CURRENCY } });
  const { operationId } = made.body.data;
  const resolve = (body: unknown) =>
    call(system.gatewayUrl, {
      ...{ method: "POST", path: `/admin/operations/${operationId}/resolve`, body },
      headers: { "x-admin-key": ADMIN_KEY, "x-admin-actor": "ops-7" },
    });
  expect(await resolve({ status: "completed" })).toMatchObject({ status: 400 });
  const resolved = await resolve({ status: "completed", reason: "the bank confirmed it" });
  expect(resolved).toMatchObject({ status: 200, body: { data: { status: "completed", resolvedBy: "operator" } } });
  expect(await statusOf(`/links/${linkId}`)).toBe("completed");
  const shown = await partner("GET", `/operations/${operationId}`);
  expect(shown.body.data).toMatchObject({ status: "completed", resolvedBy: "operator" });
  const other = await resolve({ status: "failed", reason: "on second thoughts" });
  expect(other).toMatchObject({ status: 409, body: { error: { code: "OPERATION_NOT_RESOLVABLE" } } });
});

test("E2 C12 a partner revokes a link in progress with force, and gets a new one like it", async () => {
  const { linkId, widget } = await openedLink("starts_over");
  await widget("POST", "/cip", {});
  const refused = await partner("POST", `/links/${linkId}/revoke`, {});
  expect(refused).toMatchObject({
    status: 409,
    body: { error: { code: "LINK_NOT_REVOCABLE", status: "in_progress" } },
  });
  const revoked = await partner("POST", `/links/${linkId}/revoke`, { force: true, reason: "the user called" });
  expect(revoked).toMatchObject({ status: 200, body: { data: { linkId, status: "revoked" } } });
  expect((await widget("POST", "/cip", {})).body.error.code).toBe("LINK_REVOKED");
  const made = await partner("POST", `/links/${linkId}/regenerate`, { expiresInMinutes: 30 });
  expect(made).toMatchObject({ status: 201, body: { data: { status: "created", replaces: linkId } } });
  expect((await partner("POST", `/links/${linkId}/regenerate`, {})).body.error).toMatchObject({
    code: "ACTIVE_LINK_EXISTS",
    existingLinkId: made.body.data.linkId,
  });
});

test("A4 D12 a partner says more of a user, takes it back, and is told where there is nothing", async () => {
  expect((await partner("PATCH", "/users/nobody", { userData: { dob: "1990-05-15" } })).status).toBe(404);
  await partner("POST", "/links", { referenceId: "grows" });
  const grown = await partner("PATCH", "/users/grows", { userData: BASIC_DATA });
  expect(grown).toMatchObject({ status: 200, body: { data: { userState: "data_complete", missingFields: [] } } });
  const removed = await partner("DELETE", "/users/grows/fields/dob");
  expect(removed).toMatchObject({
    status: 200,
    body: { data: { userState: "data_incomplete", missingFields: ["dob"], removedPaths: ["dob"] } },
  });
  expect((await partner("DELETE", "/users/grows/fields/dob")).status).toBe(404);
});
