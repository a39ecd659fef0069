import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hashOfKey } from "../../storage/configuration/api-keys.ts";
import { applied, LINK_CREATED, LINK_ID } from "./example-records.ts";
import { type FakeGateway, fakeGateway, KEY } from "./fake-gateway.ts";

const LINKS = "/partner/links";
const OTHER_KEY = `m2m_live_${"b".repeat(32)}`;

let gateway: FakeGateway;
beforeAll(async () => {
  gateway = await fakeGateway({ decide: () => applied(LINK_CREATED) });
});
afterAll(() => gateway.stop());

describe("who may call", () => {
  test("no key is 401 with the documented message", async () => {
    const answered = await gateway.call({ path: "/partner/me" });
    expect(answered.status).toBe(401);
    expect(answered.json.error).toMatchObject({
      code: "UNAUTHORIZED",
      message: "Missing authentication. Provide X-API-Key or Bearer token.",
    });
  });

  test.each([["m2m_test_short"], [OTHER_KEY], ["x".repeat(5_000)]])("an unknown key is 401: %s", async (apiKey) => {
    const answered = await gateway.call({ path: "/partner/me", apiKey });
    expect(answered.status).toBe(401);
    expect(answered.json.error).toMatchObject({ code: "INVALID_API_KEY", message: "Invalid or revoked API key" });
  });

  test("a key is taken as X-API-Key and as Bearer token", async () => {
    for (const how of [{ apiKey: KEY }, { bearer: KEY }]) {
      const answered = await gateway.call({ path: "/partner/me", ...how });
      expect(answered.status).toBe(200);
      expect(answered.json.data).toMatchObject({ slug: "acme", name: "Acme", status: "active", environment: "test" });
    }
  });

  test("an Idempotency-Key of any form means nothing to a read", async () => {
    for (const path of ["/partner/me", "/health/live"]) {
      const answered = await gateway.call({ path, apiKey: KEY, idempotencyKey: "k".repeat(256) });
      expect([path, answered.status]).toEqual([path, 200]);
    }
  });

  test("a suspended partner is 403", async () => {
    const known = gateway.keys.get(hashOfKey(KEY))!;
    gateway.keys.set(hashOfKey(OTHER_KEY), { ...known, isSuspended: true });
    const answered = await gateway.call({ path: "/partner/me", apiKey: OTHER_KEY });
    expect(answered.status).toBe(403);
    expect(answered.json.error).toMatchObject({
      code: "PARTNER_SUSPENDED",
      message: "Partner account is suspended or not found",
    });
  });

  test.each([
    ["POST", LINKS, "links:write"],
    ["POST", `${LINKS}/${LINK_ID}/revoke`, "links:write"],
    ["PUT", "/partner/data-requests/dr_acme_0123456789ab", "users:write"],
    ["POST", "/partner/webhook-endpoints", "webhooks:write"],
    ["GET", LINKS, "read"],
    ["GET", "/partner/users/u1", "read"],
    ["GET", "/partner/operations", "read"],
  ] as const)("%s %s needs %s, and the refusal names it", async (method, path, permission) => {
    const own = await fakeGateway({ permissions: [] });
    const answered = await own.asPartner({ method, path, ...(method === "GET" ? {} : { body: {} }) });
    await own.stop();
    expect(answered.status).toBe(403);
    expect(answered.json.error).toMatchObject({
      code: "FORBIDDEN",
      message: `This key lacks the permission ${permission}`,
    });
  });

  test("unmasked values need pii:read", async () => {
    for (const path of [`${LINKS}?reveal=true`, `${LINKS}/${LINK_ID}?reveal=true`, "/partner/users/u1?reveal=true"]) {
      const answered = await gateway.asPartner({ path });
      expect(answered.status).toBe(403);
      expect(answered.json.error.message).toContain("pii:read");
    }
  });
});

describe("where a request goes", () => {
  test.each([["/"], ["/partner"], ["/partner/nothing"], ["/favicon.ico"], ["/partner/links/a/b/c"], ["/PARTNER/me"]])(
    "%s is 404 in the envelope, with or without a key",
    async (path) => {
      const answered = await gateway.call({ path });
      expect(answered.status).toBe(404);
      expect(answered.json).toMatchObject({ success: false, error: { code: "RESOURCE_NOT_FOUND" } });
      expect(answered.json.error.requestId).toBe(answered.headers.get("x-request-id"));
    },
  );

  test.each([
    ["PUT", LINKS, "HEAD, GET, POST"],
    ["GET", `${LINKS}/${LINK_ID}/revoke`, "POST"],
    ["POST", "/partner/me", "HEAD, GET"],
    ["OPTIONS", "/partner/me", "HEAD, GET"],
  ] as const)("%s %s is 405 and says what is allowed", async (method, path, allow) => {
    const answered = await gateway.asPartner({ method, path });
    expect(answered.status).toBe(405);
    expect(answered.json.error.code).toBe("METHOD_NOT_ALLOWED");
    const sorted = (list: string) => list.split(", ").toSorted();
    expect(sorted(answered.headers.get("allow") ?? "")).toEqual(sorted(allow));
  });

  test("a path that cannot be decoded, or holds a NUL, is 404", async () => {
    for (const path of ["/partner/users/%ZZ", "/partner/users/a%00b", "/partner/users/%ff"]) {
      expect((await gateway.asPartner({ path })).status).toBe(404);
    }
  });

  test("a referenceId in a path may hold an encoded slash", async () => {
    const asked: string[] = [];
    const findUser = async ({ referenceId }: { readonly referenceId: string }) => {
      asked.push(referenceId);
      return null;
    };
    const own = await fakeGateway({ reads: { findUser } });
    expect((await own.asPartner({ path: "/partner/users/a%2Fb%20c%3F" })).status).toBe(404);
    await own.stop();
    expect(asked).toEqual(["a/b c?"]);
  });

  test("HEAD is GET without a body", async () => {
    const answered = await gateway.asPartner({ method: "HEAD", path: "/partner/me" });
    expect([answered.status, answered.text]).toEqual([200, ""]);
  });
});

describe("what a body must be", () => {
  const send = (call: { rawBody: string | Uint8Array<ArrayBuffer>; headers?: Record<string, string> }) =>
    gateway.asPartner({ method: "POST", path: LINKS, ...call });

  test.each([
    ["text/plain"],
    ["application/x-www-form-urlencoded"],
    ["application/json; charset=latin1"],
    ["application/jsonp"],
    [""],
  ])("Content-Type %s is 415", async (type) => {
    const answered = await send({ rawBody: "{}", headers: { "content-type": type } });
    expect(answered.status).toBe(415);
    expect(answered.json.error.code).toBe("UNSUPPORTED_MEDIA_TYPE");
  });

  test("a compressed body is 415", async () => {
    const answered = await send({ rawBody: "{}", headers: { "content-encoding": "gzip" } });
    expect(answered.status).toBe(415);
  });

  test.each([["application/json"], ["application/json;charset=UTF-8"], ['Application/JSON; charset="utf-8"']])(
    "Content-Type %s is JSON",
    async (type) => {
      const answered = await send({ rawBody: '{"referenceId":"u1"}', headers: { "content-type": type } });
      expect(answered.status).toBe(201);
    },
  );

  test("broken JSON is 400 and tells where, without a word of it", async () => {
    const answered = await send({ rawBody: '{"referenceId": "u1",\n "idNumber": SECRET}' });
    expect(answered.status).toBe(400);
    expect(answered.json.error).toMatchObject({
      code: "INVALID_REQUEST",
      message: "The body is not valid JSON at line 2, column 14",
    });
    expect(answered.text).not.toContain("SECRET");
    expect(JSON.stringify(gateway.logged)).not.toContain("SECRET");
  });

  test("over 9 MiB where an image may come, over 256 KiB elsewhere, is 413", async () => {
    const big = await send({ rawBody: "x".repeat(9 * 1024 * 1024 + 1) });
    expect([big.status, big.json.error.code]).toEqual([413, "PAYLOAD_TOO_LARGE"]);
    const path = `${LINKS}/${LINK_ID}/revoke`;
    const smaller = await gateway.asPartner({ method: "POST", path, rawBody: "x".repeat(256 * 1024 + 1) });
    expect([smaller.status, smaller.json.error.code]).toEqual([413, "PAYLOAD_TOO_LARGE"]);
  });

  test("over the limit is 413 also when no length was announced", async () => {
    const chunks = Array.from({ length: 5 }, () => new Uint8Array(64 * 1024));
    const answered = await fetch(`${gateway.url}${LINKS}/${LINK_ID}/revoke`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": KEY },
      body: ReadableStream.from(chunks),
      duplex: "half",
    } as RequestInit);
    await answered.text();
    expect(answered.status).toBe(413);
  });

  test("who sends too much is answered while sending, and the connection stays for the next request", async () => {
    const { port } = new URL(gateway.url);
    const tooLong = 300 * 1024;
    const head = (length: number) =>
      `POST ${LINKS}/${LINK_ID}/revoke HTTP/1.1\r\nhost: local\r\nx-api-key: ${KEY}\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;
    const socket = connect(Number(port), "127.0.0.1").setEncoding("utf8");
    let heard = "";
    // One answer may come in several pieces.
    const statuses = () => heard.match(/HTTP\/1\.1 \d{3}/g) ?? [];
    const { promise: finished, resolve, reject } = Promise.withResolvers<void>();
    socket.on("error", reject).on("close", () => reject(new Error("the connection was closed")));
    socket.on("data", (text) => {
      const isFirst = heard === "";
      heard += text;
      if (isFirst) socket.write(`${"x".repeat(tooLong)}${head(0)}`);
      if (statuses().length === 2) resolve();
    });
    socket.write(head(tooLong));
    await finished;
    socket.removeAllListeners().destroy();
    expect(statuses()).toEqual(["HTTP/1.1 413", "HTTP/1.1 404"]);
  });
});
