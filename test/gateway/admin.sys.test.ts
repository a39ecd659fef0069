import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addressKey } from "../../domain/user/address-key.ts";
import { derivedCommandId } from "../../runtime/ids.ts";
import { topicName } from "../../schemas/topics.ts";
import { createValidators } from "../../schemas/validators.ts";
import { storeParked } from "../../storage/configuration/parked-messages.ts";
import { createLinkCommand } from "../support/commands.ts";
import { type Answered, type Call, callerOf } from "../support/http.ts";
import type { TestKafka } from "../support/kafka.ts";
import { type System, startSystem } from "../support/system.ts";
import { until } from "../support/until.ts";

const ADMIN_KEY = "an admin key for tests only";
const PERSON = {
  name: { firstName: "Ana", secondName: "Sol", lastName: "Torres" },
  idNumber: "AB12",
  dob: "1990-05-15",
};
const validate = createValidators();

let system: System;
let kafka: TestKafka;
let call: ReturnType<typeof callerOf>;

beforeAll(async () => {
  system = await startSystem({ consumers: ["users", "parked"], environment: { ADMIN_KEY } });
  kafka = await system.connectKafka();
  call = callerOf(system.gatewayUrl);
});

afterAll(async () => {
  await kafka.stop();
  await system.stop();
});

/** As an operator, with a name that stands in the history. */
const asOperator = (given: Call) =>
  call({ ...given, headers: { "x-admin-key": ADMIN_KEY, "x-admin-actor": "ops-7", ...given.headers } });
const post = (path: string, body: object = {}, more: Partial<Call> = {}) =>
  asOperator({ method: "POST", path, body, ...more });
const codeOf = ({ status, json }: Answered) => [status, json.error?.code];

async function newLink(apiKey: string, referenceId: string, more: object = {}): Promise<Answered> {
  return call({ method: "POST", path: "/partner/links", apiKey, body: { referenceId, ...more } });
}

/** A partner that an operator made, with a key of its own. */
async function madePartner(slug: string): Promise<string> {
  const made = await post("/admin/partners", { slug, name: slug });
  expect([made.status, validate("http/answers/admin/partner")(made.json)]).toEqual([201, []]);
  const key = await post("/admin/keys", { partner: slug, environment: "test" });
  expect([key.status, validate("http/answers/admin/key-created")(key.json)]).toEqual([201, []]);
  return key.json.data.key;
}

describe("partners and keys", () => {
  test("a partner and its key are made, listed, and made once with an Idempotency-Key", async () => {
    const apiKey = await madePartner("made-here");
    expect((await call({ path: "/partner/me", apiKey })).json.data).toMatchObject({ slug: "made-here" });
    expect(codeOf(await post("/admin/partners", { slug: "made-here", name: "x" }))).toEqual([409, "PARTNER_EXISTS"]);
    const listed = await asOperator({ path: "/admin/partners?limit=100" });
    expect(validate("http/answers/admin/partners")(listed.json)).toEqual([]);
    expect(listed.json.data.items.map(({ slug }: { slug: string }) => slug)).toContain("made-here");
    const again = { idempotencyKey: "twice" };
    const first = await post("/admin/partners", { slug: "once", name: "Once" }, again);
    const second = await post("/admin/partners", { slug: "once", name: "Once" }, again);
    expect([second.status, second.text]).toEqual([201, first.text]);
    expect(codeOf(await post("/admin/partners", { slug: "other", name: "x" }, again))).toEqual([
      409,
      "IDEMPOTENCY_KEY_REUSED",
    ]);
    expect(codeOf(await asOperator({ path: "/admin/partners/other" }))).toEqual([404, "RESOURCE_NOT_FOUND"]);
  });

  test("a revoked key is refused at once; revoking twice keeps the first time", async () => {
    const apiKey = await madePartner("revoked");
    const keys = await asOperator({ path: "/admin/keys?partner=revoked" });
    expect(validate("http/answers/admin/keys")(keys.json)).toEqual([]);
    expect(keys.text).not.toContain(apiKey);
    const path = `/admin/keys/${keys.json.data.items[0].keyId}/revoke`;
    const revoked = await post(path);
    expect(validate("http/answers/admin/key")(revoked.json)).toEqual([]);
    expect(codeOf(await call({ path: "/partner/me", apiKey }))).toEqual([401, "INVALID_API_KEY"]);
    expect((await post(path)).json.data.revokedAt).toBe(revoked.json.data.revokedAt);
  });

  test("E10 a suspension counts for the very next call, and so does its end", async () => {
    const apiKey = await madePartner("suspended");
    expect((await post("/admin/partners/suspended/suspend")).json.data.status).toBe("suspended");
    expect(codeOf(await newLink(apiKey, "u1"))).toEqual([403, "PARTNER_SUSPENDED"]);
    expect((await post("/admin/partners/suspended/resume")).json.data.status).toBe("active");
    expect((await newLink(apiKey, "u1")).status).toBe(201);
  });

  test("settings count for the very next command", async () => {
    const apiKey = await madePartner("settled");
    const changed = await asOperator({
      method: "PATCH",
      path: "/admin/partners/settled/settings",
      body: { defaultExpiresInMinutes: 5, colour: "red" },
    });
    expect(changed.json.data).toMatchObject({
      settings: { defaultExpiresInMinutes: 5 },
      warnings: [{ path: "colour" }],
    });
    const { createdAt, expiresAt } = (await newLink(apiKey, "u1")).json.data;
    expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBe(5 * 60_000);
    expect((await call({ path: "/partner/me", apiKey })).json.data.settings.defaultExpiresInMinutes).toBe(5);
  });
});

describe("users", () => {
  test("A12 a policy is previewed without changing anybody, and applied to those it changes", async () => {
    const apiKey = await madePartner("policies");
    await newLink(apiKey, "u1", { userData: PERSON });
    await newLink(apiKey, "u2");
    const state = async () => (await call({ path: "/partner/users/u1", apiKey })).json.data.state;
    expect(await state()).toBe("data_complete");
    const asked = { requiredFieldsPolicy: { name: "mine", version: 1, fields: ["dob", "idType"] } };
    const preview = await post("/admin/partners/policies/policy/preview", asked);
    expect(validate("http/answers/admin/policy-preview")(preview.json)).toEqual([]);
    expect(preview.json.data).toMatchObject({ policy: "mine@1", users: 2, becomeIncomplete: 1, becomeComplete: 0 });
    const change = (body: object) => asOperator({ method: "PATCH", path: "/admin/partners/policies/settings", body });
    expect((await change(asked)).status).toBe(200);
    expect(await state()).toBe("data_complete");
    expect((await post("/admin/partners/policies/policy/apply")).json.data).toEqual({ published: 1 });
    await until("the policy is applied", async () => (await state()) === "data_incomplete");
    const other = { requiredFieldsPolicy: { name: "mine", version: 1, fields: ["dob"] } };
    const refused = await change(other);
    expect([codeOf(refused), refused.json.error.details[0].path]).toEqual([
      [400, "INVALID_REQUEST"],
      "requiredFieldsPolicy.version",
    ]);
  });

  test("A11 an operator's correction stands above the partner's word until it is taken back", async () => {
    const apiKey = await madePartner("corrected");
    const { userId } = (await newLink(apiKey, "u1", { userData: PERSON })).json.data;
    const path = `/admin/users/${userId}/fields`;
    const corrected = await post(path, { userData: { dob: "1991-01-01" }, reason: "a letter" });
    expect([corrected.status, validate("http/answers/user-updated")(corrected.json)]).toEqual([200, []]);
    const shown = async () => (await call({ path: "/partner/users/u1", apiKey })).json.data.fields.dob;
    expect(await shown()).toMatchObject({ value: "1991-**-**", source: "operator" });
    const history = await call({ path: "/partner/users/u1/history?limit=1", apiKey });
    expect(history.json.data.items[0]).toMatchObject({ actor: { kind: "operator", id: "ops-7" } });
    expect((await asOperator({ method: "DELETE", path: `${path}/dob` })).status).toBe(200);
    expect(await shown()).toMatchObject({ value: "1990-**-**", source: "partner_api" });
    expect(codeOf(await asOperator({ method: "DELETE", path: `${path}/dob` }))).toEqual([404, "RESOURCE_NOT_FOUND"]);
  });

  test("A13, B14 who contradicts itself is in the queue until an operator decides", async () => {
    const apiKey = await madePartner("reviewed");
    const { userId } = (await newLink(apiKey, "u1", { userData: PERSON })).json.data;
    for (const idNumber of ["CD34", "EF56", "GH78", "IJ90"]) {
      const body = { userData: { idNumber } };
      const patched = await call({ method: "PATCH", path: "/partner/users/u1", apiKey, body });
      expect(patched.status).toBe(200);
    }
    const queue = async () => (await asOperator({ path: "/admin/reviews?partner=reviewed" })).json;
    const listed = await queue();
    expect(validate("http/answers/admin/reviews")(listed)).toEqual([]);
    expect(listed.data.items).toMatchObject([{ userId, reasons: ["unstable_identity"], duplicateSuspected: false }]);
    const path = `/admin/reviews/${userId}/decision`;
    expect(codeOf(await post(path, { decision: "approve", reason: "too early" }))[0]).toBe(400);
    const decided = await post(path, { decision: "allow_retry", reason: "spoke with them" });
    expect([decided.status, validate("http/answers/admin/user-reviewed")(decided.json)]).toEqual([200, []]);
    expect((await queue()).data.items).toEqual([]);
  });
});

describe("parked messages", () => {
  test("what no consumer can read is listed, cannot be replayed, and is dropped once with a reason", async () => {
    await kafka.write("userCommands", [{ key: "garbage", value: "not a message" }]);
    const list = async () => (await asOperator({ path: "/admin/parked?status=parked" })).json;
    await until("it is listed", async () => (await list()).data.pagination.total === 1);
    const listed = await list();
    expect(validate("http/answers/admin/parked-messages")(listed)).toEqual([]);
    const path = `/admin/parked/${listed.data.items[0].parkedId}`;
    const shown = await asOperator({ path });
    expect(validate("http/answers/admin/parked-message")(shown.json)).toEqual([]);
    expect(shown.json.data.rawBase64).toBe(btoa("not a message"));
    expect(codeOf(await post(`${path}/replay`))).toEqual([409, "NOT_REPLAYABLE"]);
    const dropped = await post(`${path}/drop`, { reason: "sent by hand" });
    expect([dropped.status, validate("http/answers/admin/parked-settled")(dropped.json)]).toEqual([200, []]);
    expect(codeOf(await post(`${path}/drop`, { reason: "again" }))).toEqual([409, "PARKED_SETTLED"]);
    expect(codeOf(await post(`${path}/replay`))).toEqual([409, "PARKED_SETTLED"]);
  });

  test("a replayed command is carried out once, under a new id that names the old one as its cause", async () => {
    const apiKey = await madePartner("replayed");
    const commandId = derivedCommandId("replayed", "first");
    const command = createLinkCommand({ partner: "replayed", referenceId: "u1", commandId });
    const raw = await kafka.codec.encode("userCommands", command);
    const parked = { parkedId: "9-1", reason: "command_failed", detail: "a bug", consumer: "users" };
    const topic = topicName(system.environment["TOPIC_PREFIX"] ?? "", "userCommands");
    const original = { topic, partition: 0, offset: "0", key: addressKey(command) };
    const parkedAt = new Date().toISOString();
    const stored = { ...parked, ...original, rawBase64: raw.toString("base64"), parkedAt };
    await storeParked(system.database.em(), [stored, stored]);
    const replayed = await post("/admin/parked/9-1/replay");
    expect(replayed.status).toBe(200);
    expect(replayed.json.data.commandId).not.toBe(commandId);
    const user = () => call({ path: "/partner/users/u1", apiKey });
    await until("the user is there", async () => (await user()).status === 200);
    const history = await call({ path: "/partner/users/u1/history", apiKey });
    expect(history.json.data.items.at(-1)).toMatchObject({ sequence: 1, cause: replayed.json.data.commandId });
    const found = await kafka.read("userCommands", (all) =>
      all.some(({ headers }) => headers["causationId"] === commandId),
    );
    expect(found.length).toBeGreaterThan(0);
  });
});
