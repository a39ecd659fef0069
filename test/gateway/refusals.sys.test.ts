import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { setSuspended } from "../../storage/configuration/partners.ts";
import { type Call, callerOf } from "../support/http.ts";
import { type System, startSystem } from "../support/system.ts";
import { until } from "../support/until.ts";

const LINKS = "/partner/links";
const TABLES = [
  "users",
  "links",
  "user_history",
  "decisions",
  "refusals",
  "idempotency",
  "images",
  "webhook_endpoints",
];

let system: System;
let apiKey: string;
let call: ReturnType<typeof callerOf>;

beforeAll(async () => {
  system = await startSystem({ consumers: ["users"] });
  ({ apiKey } = await system.newPartner());
  call = callerOf(system.gatewayUrl);
});
afterAll(() => system.stop());

async function storedRows(): Promise<Readonly<Record<string, unknown>>> {
  const counts = TABLES.map(async (table) => {
    const [row] = await system.database.em().execute(`select count(*)::int as count from ${table}`);
    return [table, row?.["count"]] as const;
  });
  return Object.fromEntries(await Promise.all(counts));
}

describe("what bad input gets, on the whole system; nothing is stored", () => {
  const body = (given: object): Partial<Call> => ({ method: "POST", path: LINKS, body: given });
  const bad = (given: object, field: string) => [body(given), 400, "INVALID_REQUEST", field] as const;
  test.each<[string, Partial<Call>, number, string, string?]>([
    ["no key", { path: LINKS, apiKey: "" }, 401, "UNAUTHORIZED"],
    ["an unknown key", { path: LINKS, apiKey: `m2m_test_${"x".repeat(32)}` }, 401, "INVALID_API_KEY"],
    ["no referenceId", ...bad({}, "referenceId")],
    ["a junk referenceId", ...bad({ referenceId: "null" }, "referenceId")],
    ["expiresInMinutes 4", ...bad({ referenceId: "u1", expiresInMinutes: 4 }, "expiresInMinutes")],
    ["expiresInMinutes 10081", ...bad({ referenceId: "u1", expiresInMinutes: 10081 }, "expiresInMinutes")],
    ["expiresInMinutes 60.5", ...bad({ referenceId: "u1", expiresInMinutes: 60.5 }, "expiresInMinutes")],
    ['expiresInMinutes "60"', ...bad({ referenceId: "u1", expiresInMinutes: "60" }, "expiresInMinutes")],
    ["a bad date", ...bad({ referenceId: "u1", userData: { dob: "1990-02-30" } }, "userData.dob")],
    [
      "half a payment method",
      ...bad({ referenceId: "u1", userData: { paymentMethod: { type: "card" } } }, "userData.paymentMethod.card"),
    ],
    ["broken JSON", { method: "POST", path: LINKS, rawBody: '{"referenceId":' }, 400, "INVALID_REQUEST"],
    [
      "text",
      { method: "POST", path: LINKS, rawBody: "hi", headers: { "content-type": "text/plain" } },
      415,
      "UNSUPPORTED_MEDIA_TYPE",
    ],
    [
      "too much",
      { method: "POST", path: LINKS, rawBody: `"${"x".repeat(9 * 1024 * 1024)}"` },
      413,
      "PAYLOAD_TOO_LARGE",
    ],
    ["an unknown path", { path: "/partner/nothing" }, 404, "RESOURCE_NOT_FOUND"],
    ["a wrong method", { method: "DELETE", path: LINKS }, 405, "METHOD_NOT_ALLOWED"],
    [
      "an unknown link",
      { method: "POST", path: `${LINKS}/link_x_000000000000/revoke`, body: {} },
      404,
      "RESOURCE_NOT_FOUND",
    ],
    [
      "a webhook that is no web address",
      { method: "POST", path: "/partner/webhook-endpoints", body: { url: "ftp://a.example" } },
      400,
      "INVALID_REQUEST",
      "url",
    ],
  ])("%s", async (_, given, status, code, field) => {
    const before = await storedRows();
    const answered = await call({ path: LINKS, apiKey, idempotencyKey: `${Math.random()}`, ...given });
    expect([answered.status, answered.json.success, answered.json.error.code]).toEqual([status, false, code]);
    const { details = [] } = answered.json.error;
    expect(details.map(({ path }: { path: string }) => path)).toEqual(field === undefined ? [] : [field]);
    expect(answered.json.error.requestId).toBe(answered.headers.get("x-request-id"));
    expect(await storedRows()).toEqual(before);
  });
});

test("another partner's link is 404, for reading and for revoking", async () => {
  const made = await call({ method: "POST", path: LINKS, apiKey, body: { referenceId: "user_a" } });
  expect(made.status).toBe(201);
  const other = await system.newPartner();
  const live = await system.newPartner({ environment: "live" });
  for (const key of [other.apiKey, live.apiKey]) {
    const path = `${LINKS}/${made.json.data.linkId}`;
    expect((await call({ path, apiKey: key })).status).toBe(404);
    expect((await call({ method: "POST", path: `${path}/revoke`, apiKey: key, body: {} })).status).toBe(404);
  }
});

test("a suspended partner is 403 soon, also when no gateway was told", async () => {
  const partner = await system.newPartner();
  expect((await call({ path: "/partner/me", apiKey: partner.apiKey })).status).toBe(200);
  await setSuspended(system.database.em(), { slug: partner.slug, isSuspended: true }, new Date().toISOString());
  const read = () => call({ path: "/partner/me", apiKey: partner.apiKey });
  await until("the suspension counts", async () => (await read()).status !== 200, 5_000);
  const answered = await read();
  expect([answered.status, answered.json.error.code]).toEqual([403, "PARTNER_SUSPENDED"]);
});
