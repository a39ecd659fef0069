import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createValidators } from "../../schemas/validators.ts";
import { PERMISSIONS } from "../../storage/configuration/api-keys.ts";
import { type Answered, type Call, callerOf } from "../support/http.ts";
import { type System, startSystem } from "../support/system.ts";
import { until } from "../support/until.ts";

const BANK = { type: "bank_account", bankAccount: { country: "MX", accountNumber: "012345678901234567" } };
const PERSON = {
  name: { firstName: "Ana", secondName: "Sol", lastName: "Torres" },
  ...{ idNumber: "AB-123456", dob: "1990-05-15", paymentMethod: BANK },
};
const IMAGE = Buffer.from("a picture of a passport").toString("base64");
const validate = createValidators();

let system: System;
let apiKey: string;
let call: ReturnType<typeof callerOf>;
/** A link whose transfer is completed, and one that was made and revoked. */
let done: { linkId: string; userId: string; operationId: string };
let revokedLinkId: string;

const get = (path: string, more: Partial<Call> = {}) => call({ path: `/partner/${path}`, apiKey, ...more });
const post = (path: string, body: object = {}) => call({ method: "POST", path: `/partner/${path}`, apiKey, body });
const fits = (schema: string, { status, json }: Answered) =>
  expect([status, validate(schema)(json)]).toEqual([200, []]);

beforeAll(async () => {
  system = await startSystem();
  call = callerOf(system.gatewayUrl);
  ({ apiKey } = await system.newPartner({ permissions: PERMISSIONS }));
  await post("webhook-endpoints", { url: "http://127.0.0.1:1/hook" });
  done = await completedTransfer("done");
  const { linkId } = (await post("links", { referenceId: "asked" })).json.data;
  await post(`links/${linkId}/revoke`, { reason: "by mistake" });
  revokedLinkId = linkId;
});

afterAll(() => system.stop());

async function completedTransfer(referenceId: string) {
  const { linkId, token, userId } = (await post("links", { referenceId, userData: PERSON })).json.data;
  const step = (name: string, body: object = {}) =>
    call({ method: "POST", path: `/widget/links/${linkId}/${name}`, bearer: token, body });
  await step("open");
  await step("cip", { consent: true });
  const user = async () => (await get(`users/${referenceId}`)).json.data;
  await until("the user is verified", async () => (await user()).state === "cip_verified");
  const amount = { send: 100, currency: { source: "USD", destination: "MXN" } };
  const { operationId } = (await step("operation", { amount })).json.data;
  const link = async () => (await get(`links/${linkId}`)).json.data;
  await until("the link is completed", async () => (await link()).status === "completed");
  return { linkId, userId, operationId };
}

describe("what there is to read", () => {
  test("S4 a link's activity, oldest first, with who did it and without a value", async () => {
    const answered = await get(`links/${done.linkId}/activity`);
    fits("http/answers/link-activity", answered);
    const { items } = answered.json.data;
    expect(items.map(({ type }: { type: string }) => type)).toEqual([
      ...["link.created", "link.opened", "link.in_progress", "user.cip_pending", "user.cip_verified"],
      ...["operation.created", "operation.processing", "operation.completed", "link.completed"],
    ]);
    expect(items.map(({ actor }: { actor: { kind: string } }) => actor.kind)).toEqual([
      ...["partner", "user", "user", "user", "cip", "user", "payments", "payments", "payments"],
    ]);
    expect(answered.text).not.toMatch(/Torres|AB-?123456|1990-05|0123456789012/);
  });

  test("whether there is enough for the identity check, without a side effect", async () => {
    const ready = await get(`links/${done.linkId}/cip-readiness`);
    fits("http/answers/cip-readiness", ready);
    expect(ready.json.data).toMatchObject({ ready: true, missingFields: [], userState: "cip_verified" });
    const before = (await get("users/asked")).json.data.userVersion;
    const notReady = await get(`links/${revokedLinkId}/cip-readiness`);
    expect(notReady.json.data).toMatchObject({ ready: false, userState: "data_incomplete" });
    expect((await get("users/asked")).json.data.userVersion).toBe(before);
  });

  test("users by state and time, masked unless revealed", async () => {
    const verified = await get("users?state=cip_verified");
    fits("http/answers/users", verified);
    expect(verified.json.data.items).toMatchObject([
      { referenceId: "done", missingFields: [], userData: { idNumber: expect.stringMatching(/^\*+3456$/) } },
    ]);
    const revealed = await get("users?state=cip_verified&reveal=true");
    fits("http/answers/users", revealed);
    expect(revealed.json.data.items[0].userData).toMatchObject({ dob: "1990-05-15", paymentMethod: BANK });
    const all = await get("users?limit=1&page=2");
    expect(all.json.data.pagination).toEqual({ page: 2, limit: 1, total: 2, totalPages: 2 });
    expect(all.json.data.items[0].referenceId).toBe("done");
    expect((await get("users?to=2020-01-01T00:00:00Z")).json.data.items).toEqual([]);
  });

  test("P11 a history without gaps, page by page, every event with its cause", async () => {
    const items: { sequence: number; cause: string; actor: object }[] = [];
    let path = "users/done/history?limit=4";
    for (let cursor: string | null = ""; cursor !== null; path = `users/done/history?limit=4&cursor=${cursor}`) {
      const page = await get(path);
      fits("http/answers/user-history", page);
      items.push(...page.json.data.items);
      cursor = page.json.data.nextCursor;
    }
    expect(items.map(({ sequence }) => sequence)).toEqual(items.map((_, index) => items.length - index));
    expect(items.length).toBeGreaterThan(10);
    expect(JSON.stringify(items)).not.toMatch(/Torres|AB-?123456|1990-05|0123456789012/);
  });

  test("data requests by status and user; what ended is not open", async () => {
    const all = await get("data-requests");
    fits("http/answers/data-requests", all);
    expect(all.json.data.items).toMatchObject([{ referenceId: "asked", linkId: revokedLinkId, status: "cancelled" }]);
    expect((await get("data-requests?status=open")).json.data.items).toEqual([]);
    expect((await get("data-requests?status=cancelled&referenceId=asked")).json.data.items).toHaveLength(1);
    expect((await get("data-requests?referenceId=done")).json.data.items).toEqual([]);
  });

  test("operations by every filter, and one of them", async () => {
    const { operationId, linkId, userId } = done;
    const one = await get(`operations/${operationId}`);
    fits("http/answers/operation", one);
    expect(one.json.data).toMatchObject({ operationId, status: "completed", amount: { send: 100 } });
    const count = async (query: string) => (await get(`operations?${query}`)).json.data.pagination.total;
    const hits = [
      `linkId=${linkId}`,
      `userId=${userId}`,
      "referenceId=done",
      "status=completed",
      "from=2020-01-01T00:00:00Z",
    ];
    for (const query of hits) expect([query, await count(query)]).toEqual([query, 1]);
    for (const query of ["status=failed", "referenceId=asked", "to=2020-01-01T00:00:00Z"]) {
      expect([query, await count(query)]).toEqual([query, 0]);
    }
  });

  test("events as their webhooks tell them, newest first, page by page, by type, user and time", async () => {
    const ids: string[] = [];
    for (let path = "events?limit=5"; path !== ""; ) {
      const page = await get(path);
      fits("http/answers/events", page);
      ids.push(...page.json.data.items.map(({ id }: { id: string }) => id));
      const { nextCursor } = page.json.data;
      path = nextCursor === null ? "" : `events?limit=5&cursor=${nextCursor}`;
    }
    const whole = (await get("events?limit=100")).json.data.items;
    expect(ids).toEqual(whole.map(({ id }: { id: string }) => id));
    const times = whole.map(({ timestamp }: { timestamp: string }) => timestamp);
    expect(times).toEqual(times.toSorted().toReversed());
    const completed = (await get("events?type=operation.completed&referenceId=done")).json.data.items;
    expect(completed).toMatchObject([{ event: "operation.completed", data: { amount: { send: 100 } } }]);
    const one = await get(`events/${completed[0].id}`);
    fits("http/answers/event", one);
    expect(one.json.data).toEqual(completed[0]);
    expect((await get("events?referenceId=nobody")).json.data.items).toEqual([]);
    expect((await get("events?to=2020-01-01T00:00:00Z")).json.data.items).toEqual([]);
  });

  test("me has every setting", async () => {
    const me = await get("me");
    fits("http/answers/me", me);
    expect(Object.keys(me.json.data.settings)).toEqual(
      expect.arrayContaining(["reverifyGraceDays", "cipValidForDays", "cipOverdueMinutes", "operationOverdueMinutes"]),
    );
  });

  test("an image is stored once and shown as its hash and size only", async () => {
    await post("links", { referenceId: "pictured", userData: { idImage: IMAGE } });
    const shown = (await get("users/pictured?reveal=true")).json.data.fields.idImage.value;
    expect(shown).toEqual({ sha256: expect.stringMatching(/^[0-9a-f]{64}$/), sizeInBytes: 23 });
    const patched = await call({
      method: "PATCH",
      path: "/partner/users/pictured",
      apiKey,
      body: { userData: { idImage: `data:image/png;base64,${IMAGE}` } },
    });
    expect(patched.status).toBe(200);
    expect((await get("users/pictured")).json.data.fields.idImage.value.sha256).toBe(shown.sha256);
  });
});

test("another partner, and the other environment, see nothing of it", async () => {
  const other = await system.newPartner({ permissions: PERMISSIONS });
  const { items } = (await get("events?limit=1")).json.data;
  const paths = [
    `links/${done.linkId}/activity`,
    `links/${done.linkId}/cip-readiness`,
    "users/done/history",
    `operations/${done.operationId}`,
    `events/${items[0].id}`,
  ];
  for (const path of paths) expect([path, (await get(path, { apiKey: other.apiKey })).status]).toEqual([path, 404]);
  for (const path of ["users", "data-requests", "operations", "events", "links"]) {
    expect([path, (await get(path, { apiKey: other.apiKey })).json.data.items]).toEqual([path, []]);
  }
});

test.each([
  ["users?state=lost", "state"],
  ["users?from=now", "from"],
  ["users?limit=0", "limit"],
  ["users/done/history?limit=101", "limit"],
  ["users/done/history?cursor=abc", "cursor"],
  ["users/done/history?cursor=WyI5OTk5OTk5OTk5OTkiXQ", "cursor"],
  ["events?cursor=abc", "cursor"],
  ["events?cursor=WyI5OTk5OTk5OTk5OTk5OSIsInUiLCIxIl0", ""],
  ["events?type=user.cip_result_recorded", "type"],
  ["data-requests?status=closed", "status"],
  ["operations?status=open", "status"],
])("%s is 400 and names the field, or is empty", async (path, field) => {
  const answered = await get(path);
  if (field === "") expect(answered.status).toBe(200);
  else expect([answered.status, answered.json.error.details[0].path]).toEqual([400, field]);
});
