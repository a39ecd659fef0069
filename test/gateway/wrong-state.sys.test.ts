import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Call, callerOf } from "../support/http.ts";
import { type System, startSystem } from "../support/system.ts";
import { until } from "../support/until.ts";

const BANK = { type: "bank_account", bankAccount: { country: "MX", accountNumber: "012345678901234567" } };
const PERSON = {
  name: { firstName: "Ana", secondName: "Sol", lastName: "Torres" },
  ...{ idNumber: "AB-123456", dob: "1990-05-15", paymentMethod: BANK },
};
const { paymentMethod: _, ...ASKED } = PERSON;
const OTHER = { name: { firstName: "Eva" }, dob: "1991-01-01" };
const AMOUNT = { amount: { send: 100, currency: { source: "USD", destination: "MXN" } } };

interface Made {
  readonly linkId: string;
  readonly token: string;
  readonly dataRequestId: string;
}

type Method = NonNullable<Call["method"]>;
type Step = readonly [Method, string];

const OPEN: Step = ["POST", "open"];
const PROVIDE: Step = ["PUT", "data"];
const CIP: Step = ["POST", "cip"];
const CONFIRM: Step = ["POST", "operation"];
const CANCEL: Step = ["POST", "operation/cancel"];

let system: System;
let apiKey: string;
let call: ReturnType<typeof callerOf>;
/** What was made for each user, by referenceId. */
const made = new Map<string, Made>();

beforeAll(async () => {
  // No timers: what has expired here is so by the clock alone.
  system = await startSystem({ consumers: ["users", "cip-results", "operation-updates", "sandbox"] });
  call = callerOf(system.gatewayUrl);
  ({ apiKey } = await system.newPartner());
  await partner("POST", "webhook-endpoints", { url: "http://127.0.0.1:1/hook" });
  await complete("completed");
  for (const referenceId of ["revoked", "expired", "fulfilled", "superseded"]) await newLink(referenceId, {});
  await step("expired", OPEN);
  await partner("POST", `links/${of("revoked").linkId}/revoke`, {});
  await answer("fulfilled", { userData: ASKED });
  await step("superseded", OPEN);
  await step("superseded", PROVIDE, { version: 0, userData: ASKED });
  await passTime("links", of("expired").linkId);
  await passTime("data_requests", of("expired").linkId);
});
afterAll(() => system.stop());

const of = (referenceId: string): Made => made.get(referenceId) ?? { linkId: "", token: "", dataRequestId: "" };

const partner = (method: Method, path: string, body?: object) =>
  call({ method, path: `/partner/${path}`, apiKey, ...(body === undefined ? {} : { body }) });

const answer = (referenceId: string, body: object) =>
  partner("PUT", `data-requests/${of(referenceId).dataRequestId}`, body);

function step(referenceId: string, name: Step, body: object = {}) {
  const { linkId, token } = of(referenceId);
  const [method, path] = name;
  return call({ method, path: `/widget/links/${linkId}/${path}`, bearer: token, body });
}

async function newLink(referenceId: string, userData: object): Promise<void> {
  made.set(referenceId, (await partner("POST", "links", { referenceId, userData })).json.data);
}

async function complete(referenceId: string): Promise<void> {
  await newLink(referenceId, PERSON);
  await step(referenceId, OPEN);
  await step(referenceId, CIP, { consent: true });
  const isVerified = async () => (await partner("GET", `users/${referenceId}`)).json.data.state === "cip_verified";
  await until("the user is verified", isVerified);
  await step(referenceId, CONFIRM, AMOUNT);
  const link = `links/${of(referenceId).linkId}`;
  await until("the link is completed", async () => (await partner("GET", link)).json.data.status === "completed");
}

/** Both made two hours ago for one hour. */
async function passTime(table: "links" | "data_requests", linkId: string): Promise<void> {
  const times = "created_at = now() - interval '2 hours', expires_at = now() - interval '1 hour'";
  await system.database.em().execute(`update ${table} set ${times} where link_id = ?`, [linkId]);
}

/** All that a write could have changed, with the version of every user and link. */
async function everything(): Promise<unknown> {
  const sql = `select
    (select json_agg(u order by u.user_id) from (select user_id, version, last_sequence, state from users) u) as users,
    (select json_agg(l order by l.link_id) from (select link_id, status, widget_version from links) l) as links,
    (select json_agg(d order by d.data_request_id) from (select data_request_id, status, closed_at from data_requests) d) as requests,
    (select json_agg(o order by o.operation_id) from (select operation_id, status from operations) o) as operations,
    (select count(*) from cip_attempts) as attempts, (select count(*) from user_history) as history`;
  return system.database.em().execute(sql);
}

describe("a step on a link that has ended is refused, and changes nothing", () => {
  const DATA = { version: 0, userData: OTHER };
  test.each([
    ["revoked", 409, "LINK_REVOKED"],
    ["expired", 410, "LINK_EXPIRED"],
  ] as const)("C7, E9 every step on a link that is %s", async (referenceId, status, code) => {
    const before = await everything();
    const steps: readonly (readonly [Step, object])[] = [
      [OPEN, {}],
      [PROVIDE, DATA],
      [CIP, { consent: true }],
      [CONFIRM, AMOUNT],
    ];
    for (const [name, body] of steps) {
      const answered = await step(referenceId, name, body);
      expect([name, answered.status, answered.json.error.code]).toEqual([name, status, code]);
    }
    const cancelled = await step(referenceId, CANCEL);
    expect([cancelled.status, cancelled.json.error.code]).toEqual([404, "RESOURCE_NOT_FOUND"]);
    expect(await everything()).toEqual(before);
  });

  test.each<[Step, object, string, string]>([
    [PROVIDE, DATA, "LINK_NOT_OPEN", "completed"],
    [CIP, { consent: true }, "LINK_NOT_OPEN", "completed"],
    [CONFIRM, AMOUNT, "LINK_NOT_OPEN", "completed"],
    [CANCEL, {}, "OPERATION_NOT_CANCELLABLE", "completed"],
  ])("C7 %j on a completed link, and the answer says that it is", async (name, body, code, status) => {
    const before = await everything();
    const answered = await step("completed", name, body);
    expect([answered.status, answered.json.error.code, answered.json.error.status]).toEqual([409, code, status]);
    expect(await everything()).toEqual(before);
  });

  test("C7 a completed link still opens to show that it is done, and changes nothing", async () => {
    const before = await everything();
    const answered = await step("completed", OPEN);
    expect([answered.status, answered.json.data.steps]).toEqual([200, ["done"]]);
    expect(await everything()).toEqual(before);
  });
});

describe("an answer to a data request that has ended", () => {
  test.each([
    ["revoked", 409, "LINK_REVOKED"],
    ["expired", 410, "LINK_EXPIRED"],
  ] as const)(
    "D1, E8 to one of a link that is %s is refused, and changes nothing",
    async (referenceId, status, code) => {
      const before = await everything();
      const answered = await answer(referenceId, { referenceId, userData: PERSON });
      expect([answered.status, answered.json.error.code]).toEqual([status, code]);
      expect(await everything()).toEqual(before);
    },
  );

  test.each(["revoked", "expired", "fulfilled", "superseded"])(
    "D3 to one that is %s, of another user, is refused before all else",
    async (referenceId) => {
      const before = await everything();
      const answered = await answer(referenceId, { referenceId: "somebody", userData: OTHER });
      expect([answered.status, answered.json.error.code]).toEqual([400, "REFERENCE_ID_MISMATCH"]);
      expect(await everything()).toEqual(before);
    },
  );

  test("D2 the same said again to a fulfilled one is accepted, and changes nothing", async () => {
    const before = await everything();
    const answered = await answer("fulfilled", { userData: ASKED });
    expect([answered.status, answered.json.data.status]).toEqual([200, "fulfilled"]);
    expect(await everything()).toEqual(before);
  });

  test("D6 to a superseded one updates the user once, and never the request", async () => {
    const read = async (path: string) => (await partner("GET", path)).json.data;
    const request = `data-requests/${of("superseded").dataRequestId}`;
    const [user, ended] = [await read("users/superseded"), await read(request)];
    expect(ended.status).toBe("superseded");
    const body = { userData: { dob: "1991-01-01" } };
    const answers = [await answer("superseded", body), await answer("superseded", body)];
    const userVersion = user.userVersion + 1;
    for (const { status, json } of answers) expect([status, json.data.userVersion]).toEqual([200, userVersion]);
    expect(await read(request)).toEqual(ended);
  });

  test("D3 another partner's is 404, whatever became of it, and changes nothing", async () => {
    const stranger = await system.newPartner();
    const before = await everything();
    for (const referenceId of made.keys()) {
      const path = `/partner/data-requests/${of(referenceId).dataRequestId}`;
      const body = { userData: OTHER };
      const answered = await call({ method: "PUT", path, apiKey: stranger.apiKey, body });
      expect([referenceId, answered.status]).toEqual([referenceId, 404]);
    }
    expect(await everything()).toEqual(before);
  });
});
