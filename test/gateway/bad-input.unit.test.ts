import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { DEFAULT_SETTINGS } from "../../domain/partner.ts";
import type { Reads } from "../../gateway/reads.ts";
import { RequestRefused } from "../../gateway/request-refused.ts";
import type { Call } from "../support/http.ts";
import { ADDRESS, exampleLink, exampleUser, LINK_ID } from "./example-records.ts";
import { type FakeGateway, fakeGateway } from "./fake-gateway.ts";

const REQUEST_ID = "dr_acme_0123456789ab";
const USER_ID = "user_acme_0123456789ab";
const USD_MXN = { source: "USD", destination: "MXN" };
const HOOK = "https://a.example/hook";
const USER_DATA = { dob: "1990-05-15" };
const DAYS_7 = 604_800_000;

const reads: Partial<Reads> = {
  findDataRequest: async ({ dataRequestId }) =>
    dataRequestId === REQUEST_ID
      ? {
          userId: USER_ID,
          address: ADDRESS,
          dataRequest: {
            ...{ dataRequestId, linkId: LINK_ID, status: "open", requiredFields: ["dob"], remainingFields: ["dob"] },
            createdAt: exampleLink().createdAt,
            expiresAt: exampleLink().expiresAt,
            fulfilledAt: null,
            closedAt: null,
          },
        }
      : null,
  findWidgetSession: async (linkId) =>
    linkId === LINK_ID
      ? {
          link: exampleLink(),
          user: exampleUser(),
          userId: USER_ID,
          address: ADDRESS,
          operation: null,
          settings: DEFAULT_SETTINGS,
          isSuspended: false,
        }
      : null,
};

let gateway: FakeGateway;
/** How often the partner's configuration was to be changed. */
let configured = 0;

beforeAll(async () => {
  const configureOwn = async () => {
    configured += 1;
    throw new RequestRefused("IDEMPOTENCY_KEY_REUSED");
  };
  const overrides = { configureOwn };
  gateway = await fakeGateway({ reads, overrides, decisionTimeoutMs: 1 });
});
beforeEach(() => {
  configured = 0;
});
afterAll(() => gateway.stop());

type Write = `${"POST" | "PUT"} /${string}`;

const LINK = `/widget/links/${LINK_ID}`;
const ANSWER: Write = `PUT /partner/data-requests/${REQUEST_ID}`;
const ADD_HOOK: Write = "POST /partner/webhook-endpoints";
const OPEN: Write = `POST ${LINK}/open`;
const DATA: Write = `PUT ${LINK}/data`;
const CIP: Write = `POST ${LINK}/cip`;
const CONFIRM: Write = `POST ${LINK}/operation`;
const CANCEL: Write = `POST ${LINK}/operation/cancel`;

/** With the key of the partner or the token of the link, as the path asks. */
function send(write: Write, body: unknown, bearer = gateway.dependencies.tokens.tokenOf(LINK_ID)) {
  const method = write.startsWith("PUT") ? "PUT" : "POST";
  const path = write.slice(method.length + 1);
  const call: Call = { method, path, rawBody: JSON.stringify(body) };
  return path.startsWith("/partner/") ? gateway.asPartner(call) : gateway.call({ ...call, bearer });
}

const hook = (more: object) => ({ url: HOOK, ...more });
const longUrl = (length: number) => `${HOOK}/`.padEnd(length, "x");
const device = (more: object) => ({ deviceInfo: more });
const data = (more: object) => ({ version: 0, userData: USER_DATA, ...more });
const userData = (more: object) => ({ version: 0, userData: more });
const amount = (send: unknown, currency: unknown = USD_MXN) => ({ amount: { send, currency } });

describe("what is out of bounds is 400, names its field, and does nothing", () => {
  test.each<[Write, unknown, string]>([
    [ANSWER, {}, "userData"],
    [ANSWER, { userData: null }, "userData"],
    [ANSWER, { userData: "x" }, "userData"],
    [ANSWER, { userData: USER_DATA, referenceId: 1 }, "referenceId"],
    [ANSWER, { userData: USER_DATA, referenceId: null }, "referenceId"],
    [ANSWER, { userData: USER_DATA, referenceId: "x".repeat(256) }, "referenceId"],
    [ANSWER, { userData: { dob: 19900515 } }, "userData.dob"],
    [ANSWER, { userData: { dob: "2026-03-02" } }, "userData.dob"],
    [ANSWER, { userData: { dob: "1899-12-31" } }, "userData.dob"],
    [ANSWER, { userData: { name: "Ana" } }, "userData.name"],
    [ANSWER, { userData: { name: { lastName: "x".repeat(101) } } }, "userData.name.lastName"],
    [ANSWER, { userData: { idNumber: 5 } }, "userData.idNumber"],
    [ANSWER, { userData: { idNumber: "x".repeat(65) } }, "userData.idNumber"],
    [ANSWER, { userData: { idType: "x".repeat(33) } }, "userData.idType"],
    [ANSWER, { userData: { paymentMethod: { type: "gold" } } }, "userData.paymentMethod.type"],
    [ANSWER, { userData: { notApplicable: ["dob"] } }, "userData.notApplicable[0]"],

    [ADD_HOOK, {}, "url"],
    [ADD_HOOK, { url: 1 }, "url"],
    [ADD_HOOK, { url: "a.example" }, "url"],
    [ADD_HOOK, { url: "http://a.example" }, "url"],
    [ADD_HOOK, { url: "https://ana:secret@a.example" }, "url"],
    [ADD_HOOK, { url: longUrl(2_049) }, "url"],
    [ADD_HOOK, hook({ events: [] }), "events"],
    [ADD_HOOK, hook({ events: "link.opened" }), "events"],
    [ADD_HOOK, hook({ events: ["link.lost"] }), "events[0]"],
    [ADD_HOOK, hook({ events: ["link.opened", "link.opened"] }), "events"],
    [ADD_HOOK, hook({ description: 1 }), "description"],
    [ADD_HOOK, hook({ description: "x".repeat(501) }), "description"],
    [ADD_HOOK, hook({ schedule: 1_000 }), "schedule"],
    [ADD_HOOK, hook({ schedule: Array.from({ length: 21 }, () => 1) }), "schedule"],
    [ADD_HOOK, hook({ schedule: [-1] }), "schedule[0]"],
    [ADD_HOOK, hook({ schedule: [0, DAYS_7 + 1] }), "schedule[1]"],
    [ADD_HOOK, hook({ schedule: [0.5] }), "schedule[0]"],
    [ADD_HOOK, hook({ rateLimit: 0 }), "rateLimit"],
    [ADD_HOOK, hook({ rateLimit: 10_001 }), "rateLimit"],
    [ADD_HOOK, hook({ rateLimit: "10" }), "rateLimit"],
    [ADD_HOOK, hook({ strictOrder: "yes" }), "strictOrder"],
    [ADD_HOOK, { url: "https://10.0.0.1/hook" }, "url"],
    [ADD_HOOK, { url: "https://[::1]/hook" }, "url"],
    [ADD_HOOK, { url: "https://169.254.169.254/latest" }, "url"],
    [ADD_HOOK, { url: "https://localhost/hook" }, "url"],

    [OPEN, device([]), "deviceInfo"],
    [OPEN, { deviceInfo: null }, "deviceInfo"],
    [OPEN, device({ userAgent: 1 }), "deviceInfo.userAgent"],
    [OPEN, device({ userAgent: "x".repeat(513) }), "deviceInfo.userAgent"],
    [OPEN, device({ platform: "x".repeat(101) }), "deviceInfo.platform"],
    [OPEN, device({ platform: {} }), "deviceInfo.platform"],
    [OPEN, device({ language: "x".repeat(101) }), "deviceInfo.language"],
    [OPEN, device({ language: true }), "deviceInfo.language"],

    [DATA, { version: 0 }, "userData"],
    [DATA, { userData: USER_DATA }, "version"],
    [DATA, data({ version: -1 }), "version"],
    [DATA, data({ version: 0.5 }), "version"],
    [DATA, data({ version: "0" }), "version"],
    [DATA, data({ version: null }), "version"],
    [DATA, data({ userData: [] }), "userData"],
    [DATA, userData({ dob: "2026-03-02" }), "userData.dob"],
    [DATA, userData({ name: { firstName: "x".repeat(101) } }), "userData.name.firstName"],
    [DATA, userData({ name: { firstName: ["Ana"] } }), "userData.name.firstName"],
    [DATA, userData({ idNumber: "x".repeat(65) }), "userData.idNumber"],
    [DATA, userData({ paymentMethod: { type: "card" } }), "userData.paymentMethod.card"],

    [CIP, { consent: false }, "consent"],
    [CIP, { consent: "true" }, "consent"],
    [CIP, { consent: null }, "consent"],

    [CONFIRM, {}, "amount"],
    [CONFIRM, { amount: 100 }, "amount"],
    [CONFIRM, { amount: { currency: USD_MXN } }, "amount.send"],
    [CONFIRM, { amount: { send: 1 } }, "amount.currency"],
    [CONFIRM, amount(0), "amount.send"],
    [CONFIRM, amount(0.001), "amount.send"],
    [CONFIRM, amount(1_000_000_000_000), "amount.send"],
    [CONFIRM, amount("1"), "amount.send"],
    [CONFIRM, amount(1, "USD"), "amount.currency"],
    [CONFIRM, amount(1, { source: "USD" }), "amount.currency.destination"],
    [CONFIRM, amount(1, { source: "US", destination: "MXN" }), "amount.currency.source"],
    [CONFIRM, amount(1, { source: "USD", destination: "MXNN" }), "amount.currency.destination"],
    [CONFIRM, amount(1, { source: "usd", destination: "MXN" }), "amount.currency.source"],
  ])("%s %j: %s", async (write, body, path) => {
    const before = gateway.published.length;
    const answered = await send(write, body);
    expect([answered.status, answered.json.error.code]).toEqual([400, "INVALID_REQUEST"]);
    expect(answered.json.error.details.map((one: { path: string }) => one.path)).toEqual([path]);
    expect(answered.json.error.message).toContain(path);
    expect([gateway.published.length, configured]).toEqual([before, 0]);
  });

  const bodies = [null, [], "x", 1, true];
  test.each([ANSWER, ADD_HOOK, OPEN, DATA, CIP, CONFIRM, CANCEL])("%s without an object", async (write) => {
    const before = gateway.published.length;
    for (const body of bodies) {
      const answered = await send(write, body);
      expect([body, answered.status, answered.json.error.code]).toEqual([body, 400, "INVALID_REQUEST"]);
      expect(answered.json.error.details).toHaveLength(1);
    }
    expect([gateway.published.length, configured]).toEqual([before, 0]);
  });
});

describe("what stands exactly on a limit is taken", () => {
  test.each<[Write, unknown]>([
    [ANSWER, { userData: USER_DATA, referenceId: "x".repeat(255) }],
    [ANSWER, { userData: { dob: "2026-03-01" } }],
    [ANSWER, { userData: { dob: "1900-01-01" } }],
    [ANSWER, { userData: { name: { lastName: "x".repeat(100) }, idNumber: "x".repeat(64), idType: "x".repeat(32) } }],
    [OPEN, device({ userAgent: "x".repeat(512), platform: "x".repeat(100), language: "x".repeat(100) })],
    [OPEN, device({ userAgent: null, platform: null, language: null })],
    [DATA, data({ version: 0 })],
    [DATA, userData({ name: { firstName: "x".repeat(100) }, idNumber: "x".repeat(64) })],
    [CIP, { consent: true }],
    [CIP, {}],
    [CONFIRM, amount(0.01)],
    [CONFIRM, amount(999_999_999_999.99)],
    [CANCEL, {}],
  ])("%s %j", async (write, body) => {
    const before = gateway.published.length;
    expect((await send(write, body)).status).toBe(202);
    expect(gateway.published).toHaveLength(before + 1);
  });

  test.each([
    [{ url: longUrl(2_048) }],
    [hook({ description: "x".repeat(500) })],
    [hook({ schedule: [] })],
    [hook({ schedule: Array.from({ length: 20 }, () => DAYS_7) })],
    [hook({ schedule: [0] })],
    [hook({ rateLimit: 1 })],
    [hook({ rateLimit: 10_000 })],
  ])("POST /partner/webhook-endpoints %j", async (body) => {
    await send(ADD_HOOK, body);
    expect(configured).toBe(1);
  });
});

describe("an id that is unknown or of somebody else", () => {
  test("a data request is 404, and nothing is published", async () => {
    const before = gateway.published.length;
    for (const id of ["dr_acme_zzzzzzzzzzzz", "dr_globex_0123456789ab", "x", "null"]) {
      const answered = await send(`PUT /partner/data-requests/${id}`, { userData: USER_DATA });
      expect([id, answered.status, answered.json.error.code]).toEqual([id, 404, "RESOURCE_NOT_FOUND"]);
    }
    expect(gateway.published).toHaveLength(before);
  });

  test("C10 a step with the token of another link is 401, and nothing is published", async () => {
    const before = gateway.published.length;
    const bearer = gateway.dependencies.tokens.tokenOf("link_globex_0123456789ab");
    for (const write of [OPEN, DATA, CIP, CONFIRM, CANCEL]) {
      const answered = await send(write, {}, bearer);
      expect([write, answered.status, answered.json.error.code]).toEqual([write, 401, "UNAUTHORIZED"]);
    }
    expect(gateway.published).toHaveLength(before);
  });
});
