import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ADDRESS, applied, exampleLink, LINK_CREATED, LINK_ID } from "./example-records.ts";
import { type FakeGateway, type FakeGatewaySettings, fakeGateway } from "./fake-gateway.ts";

const PATH = "/partner/links";
const post = (body: unknown) => ({ method: "POST", path: PATH, body }) as const;

let gateway: FakeGateway;
beforeAll(async () => {
  gateway = await fakeGateway({ decide: () => applied(LINK_CREATED) });
});
afterAll(() => gateway.stop());

async function withGateway<T>(settings: FakeGatewaySettings, use: (own: FakeGateway) => Promise<T>): Promise<T> {
  const own = await fakeGateway(settings);
  try {
    return await use(own);
  } finally {
    await own.stop();
  }
}

describe("what POST /partner/links publishes and answers", () => {
  test("G4 the answer carries expiresAt and our Date, so that a countdown needs no clock of the caller's", async () => {
    const answered = await gateway.asPartner(post({ referenceId: "user-1" }));
    expect(Date.parse(answered.headers.get("Date") ?? "")).toBeLessThanOrEqual(Date.now());
    expect(answered.json.data.expiresAt).toBe(LINK_CREATED.expiresAt);
  });

  test("S1 a link: the command carries the data, the answer the url and token", async () => {
    const userData = {
      name: { firstName: "Ana", secondName: "" },
      idNumber: "ABCD123456",
      notApplicable: ["name.secondLastName"],
    };
    const answered = await gateway.asPartner(post({ referenceId: "user-1", userData, metadata: { order: 7 } }));
    expect(answered.status).toBe(201);
    const token = gateway.dependencies.tokens.tokenOf(LINK_ID);
    expect(answered.json.data).toMatchObject({
      linkId: LINK_ID,
      referenceId: "user-1",
      status: "created",
      url: `https://pay.example/${LINK_ID}/m2m-basic#${token}`,
      token,
      missingFields: ["name.lastName"],
      ignoredFields: [],
      warnings: [],
    });
    expect(answered.json.data).not.toHaveProperty("dataRequestId");
    expect(gateway.published.at(-1)).toMatchObject({
      type: "CreateLink",
      ...ADDRESS,
      actor: { kind: "partner", id: "key_acme_000000000001" },
      replyTo: "gateway-test",
      values: { "name.firstName": "Ana", idNumber: "ABCD123456" },
      payload: {
        flow: "m2m-basic",
        onActive: "error",
        expiresInMinutes: null,
        metadata: { order: 7 },
        userData: {
          paths: ["name.firstName", "idNumber"],
          notApplicable: ["name.secondLastName"],
          empty: ["name.secondName"],
        },
      },
    });
  });

  test("every answer carries an id, the limits, and may be kept by nobody", async () => {
    const { headers } = await gateway.asPartner({
      ...post({ referenceId: "user-1" }),
      headers: { "x-request-id": "my-id.1" },
    });
    expect(headers.get("x-request-id")).toBe("my-id.1");
    expect(headers.get("ratelimit-limit")).toBe("100");
    expect(Number(headers.get("ratelimit-remaining"))).toBeLessThan(100);
    expect(Number(headers.get("ratelimit-reset"))).toBeLessThanOrEqual(60);
    expect(headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(headers.get("cache-control")).toBe("no-store");
  });

  test("unknown fields are warned of, also inside userData, and not published", async () => {
    const userData = { nickname: "A", name: { firstName: "Ana", third: "x" } };
    const answered = await gateway.asPartner(post({ referenceId: "user-1", colour: "red", userData }));
    expect(answered.json.data.warnings.map(({ code, path }: { code: string; path: string }) => [code, path])).toEqual([
      ["unknown_field", "colour"],
      ["unknown_field", "userData.nickname"],
      ["unknown_field", "userData.name.third"],
    ]);
    expect(JSON.stringify(gateway.published.at(-1))).not.toMatch(/nickname|third|colour/);
  });

  test("S14 a referenceId that looks like an e-mail address is taken with a warning", async () => {
    const answered = await gateway.asPartner(post({ referenceId: "ana@example.com" }));
    expect(answered.status).toBe(201);
    expect(answered.json.data.warnings).toMatchObject([{ code: "unstable_reference_id", path: "referenceId" }]);
  });

  test("C4 a returned link is 200, and says that userData was not merged", async () => {
    await withGateway({ decide: () => applied({ ...LINK_CREATED, kind: "link_returned" }) }, async ({ asPartner }) => {
      const answered = await asPartner(
        post({ referenceId: "user-1", onActive: "return", userData: { dob: "1990-05-15" } }),
      );
      expect(answered.status).toBe(200);
      expect(answered.json.data.warnings).toMatchObject([{ code: "not_merged", path: "userData" }]);
    });
  });

  test("an idImage is stored first; the command only names it", async () => {
    const answered = await gateway.asPartner(
      post({ referenceId: "user-1", userData: { idImage: "data:image/png;base64,AAAA" } }),
    );
    expect(answered.status).toBe(201);
    expect(gateway.published.at(-1)?.values).toEqual({
      idImage: { imageId: "img_acme_000000000001", sha256: "0".repeat(64), sizeInBytes: 3 },
    });
  });

  test("the answer is what the contract says", async () => {
    const answered = await gateway.asPartner(post({ referenceId: "user-1" }));
    expect(gateway.dependencies.validate("http/answers/link-created")(answered.json)).toEqual([]);
  });
});

describe("what bad input gets", () => {
  const tooBigImage = Buffer.alloc(6 * 1024 * 1024 + 1).toString("base64");
  test.each([
    ["no referenceId", {}, "The referenceId field is required", "referenceId"],
    ["an empty referenceId", { referenceId: "" }, "The referenceId field is required", "referenceId"],
    ["a referenceId of null", { referenceId: null }, "The referenceId field must be a string", "referenceId"],
    ["B13 a junk referenceId", { referenceId: "undefined" }, /placeholder/, "referenceId"],
    ["B13 a referenceId of zeros", { referenceId: "0000" }, /placeholder/, "referenceId"],
    ["B13 a referenceId of 256 characters", { referenceId: "x".repeat(256) }, /referenceId/, "referenceId"],
    ["B13 a referenceId with a letter beyond ASCII", { referenceId: "josé" }, /ASCII/, "referenceId"],
    ["expiresInMinutes 4", { referenceId: "u1", expiresInMinutes: 4 }, /from 5 to 10080/, "expiresInMinutes"],
    ["expiresInMinutes 10081", { referenceId: "u1", expiresInMinutes: 10081 }, /from 5 to 10080/, "expiresInMinutes"],
    ["expiresInMinutes 60.5", { referenceId: "u1", expiresInMinutes: 60.5 }, /an integer/, "expiresInMinutes"],
    ['expiresInMinutes "60"', { referenceId: "u1", expiresInMinutes: "60" }, /an integer/, "expiresInMinutes"],
    ["expiresInMinutes null", { referenceId: "u1", expiresInMinutes: null }, /an integer/, "expiresInMinutes"],
    ["A9 a date that is none", { referenceId: "u1", userData: { dob: "2001-02-30" } }, /real date/, "userData.dob"],
    ["A9 a date of birth tomorrow", { referenceId: "u1", userData: { dob: "2026-03-02" } }, /future/, "userData.dob"],
    [
      "A2 half a payment method",
      { referenceId: "u1", userData: { paymentMethod: { type: "bank_account" } } },
      /bankAccount/,
      "userData.paymentMethod.bankAccount",
    ],
    [
      "A4 a value and has none",
      { referenceId: "u1", userData: { name: { secondName: "X" }, notApplicable: ["name.secondName"] } },
      /notApplicable/,
      "userData.name.secondName",
    ],
    ["an idImage that is no base64", { referenceId: "u1", userData: { idImage: "###" } }, /base64/, "userData.idImage"],
    ["an idImage of no byte", { referenceId: "u1", userData: { idImage: "/" } }, /base64/, "userData.idImage"],
    ["an idImage over 6 MiB", { referenceId: "u1", userData: { idImage: tooBigImage } }, /6 MiB/, "userData.idImage"],
    ["a callbackUrl over http", { referenceId: "u1", callbackUrl: "http://example.com/hook" }, /https/, "callbackUrl"],
    [
      "a callbackUrl with a password",
      { referenceId: "u1", callbackUrl: "https://a:b@example.com/" },
      /password/,
      "callbackUrl",
    ],
    [
      "a redirectUrl that is a script",
      { referenceId: "u1", redirectUrl: "javascript:alert(1)" },
      /redirectUrl/,
      "redirectUrl",
    ],
    ["metadata over 16 KiB", { referenceId: "u1", metadata: { note: "x".repeat(16_384) } }, /16 KiB/, "metadata"],
    ["metadata that is a list", { referenceId: "u1", metadata: [] }, /object/, "metadata"],
    ["an unknown language", { referenceId: "u1", language: "fr" }, /one of: en, es/, "language"],
    ["an unknown onActive", { referenceId: "u1", onActive: "ignore" }, /one of/, "onActive"],
    ["a flow that is a path", { referenceId: "u1", flow: "../admin" }, /flow/, "flow"],
    ["a list as the body", [], /object/, ""],
  ])("%s: 400, and nothing is published", async (_, body, message, path) => {
    const before = gateway.published.length;
    const answered = await gateway.asPartner(post(body));
    expect(answered.status).toBe(400);
    expect(answered.json).toMatchObject({ success: false, error: { code: "INVALID_REQUEST" } });
    expect(answered.json.error.message).toMatch(message);
    expect(answered.json.error.details.map((detail: { path: string }) => detail.path)).toContain(path);
    expect(answered.json.error.requestId).toBe(answered.headers.get("x-request-id"));
    expect(gateway.dependencies.validate("http/error")(answered.json)).toEqual([]);
    expect(gateway.published.length).toBe(before);
  });

  test("an image of nearly 6 MiB is taken", async () => {
    const answered = await gateway.asPartner(post({ referenceId: "u1", userData: { idImage: "A".repeat(8_388_608) } }));
    expect(answered.status).toBe(201);
  });

  test("A9 every problem is told, once per field, also from rules beyond the schema", async () => {
    const userData = { dob: "2999-01-01", name: { firstName: 5 }, paymentMethod: { type: "gold" } };
    const answered = await gateway.asPartner(post({ referenceId: "null", expiresInMinutes: "x", userData }));
    const paths = answered.json.error.details.map((detail: { path: string }) => detail.path);
    expect(paths.toSorted()).toEqual([
      "expiresInMinutes",
      "referenceId",
      "userData.dob",
      "userData.name.firstName",
      "userData.paymentMethod.type",
    ]);
  });

  test("C2 what the writer refuses is the answer, with its facts", async () => {
    const existingLink = { status: "opened", expiresAt: "2026-03-01T12:30:00.000Z" } as const;
    const facts = { existingLinkId: LINK_ID, existingLink };
    const refusal = { code: "ACTIVE_LINK_EXISTS", message: "User already has an active link", facts } as const;
    await withGateway({ decide: () => ({ outcome: "refused", answer: null, refusal }) }, async ({ asPartner }) => {
      const answered = await asPartner(post({ referenceId: "user-1" }));
      expect(answered.status).toBe(409);
      expect(answered.json.error).toEqual({
        code: "ACTIVE_LINK_EXISTS",
        message: "User already has an active link",
        existingLinkId: LINK_ID,
        existingLink,
        requestId: answered.headers.get("x-request-id"),
      });
    });
  });
});

describe("the short way to ACTIVE_LINK_EXISTS", () => {
  const held = (link = exampleLink()): FakeGatewaySettings => ({
    activeLink: LINK_ID,
    reads: { readLink: async () => ({ link, userId: "user_acme_0123456789ab", address: ADDRESS }) },
    decide: () => applied(LINK_CREATED),
  });

  test("C2 a clearly active link is refused without a command", async () => {
    await withGateway(held(), async ({ asPartner, published }) => {
      const answered = await asPartner(post({ referenceId: "user-1" }));
      expect(answered.status).toBe(409);
      expect(answered.json.error).toMatchObject({
        code: "ACTIVE_LINK_EXISTS",
        existingLinkId: LINK_ID,
        existingLink: { status: "created", expiresAt: "2026-03-01T12:30:00.000Z" },
      });
      expect(published).toEqual([]);
    });
  });

  test.each([
    ["it expires within seconds", held(exampleLink({ expiresAt: "2026-03-01T12:00:05.000Z" })), {}],
    ["it was revoked", held(exampleLink({ status: "revoked" })), {}],
    ["Redis does not answer", { ...held(), activeLink: "unknown" as const }, {}],
    ["the lock names nothing that exists", { activeLink: LINK_ID, decide: () => applied(LINK_CREATED) }, {}],
    ["the lock names another user's link", held(), { referenceId: "user-2" }],
    ["the caller wants it replaced", held(), { onActive: "replace" }],
    ["the caller wants it returned", held(), { onActive: "return" }],
  ])("C2 the writer is asked when %s", async (_, settings, body) => {
    await withGateway(settings, async ({ asPartner, published }) => {
      expect((await asPartner(post({ referenceId: "user-1", ...body }))).status).toBe(201);
      expect(published).toHaveLength(1);
    });
  });

  test("a repeat never meets the link that it made itself", async () => {
    let isActive = false;
    const decide = () => {
      isActive = true;
      return null;
    };
    const settings = { ...held(), decide, decisionTimeoutMs: 20 };
    await withGateway(settings, async (own) => {
      const readLink = own.dependencies.readActiveLink;
      Object.assign(own.dependencies, {
        readActiveLink: async (address: typeof ADDRESS) => (isActive ? readLink(address) : null),
      });
      const request = { ...post({ referenceId: "user-1" }), idempotencyKey: "k1" };
      expect((await own.asPartner(request)).status).toBe(202);
      const [command] = own.published;
      own.stored.set(command!.commandId, { commandId: command!.commandId, ...applied(LINK_CREATED) });
      expect((await own.asPartner(request)).status).toBe(201);
    });
  });
});
