import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { REFUSALS } from "../../domain/refusals.ts";
import { ERRORS } from "../../gateway/http-errors.ts";
import { BrokerAway } from "../../messaging/publish-errors.ts";
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

describe("rate limits", () => {
  test("new links are counted apart from everything else, per partner and environment", async () => {
    const own = await fakeGateway({
      decide: () => applied(LINK_CREATED),
      settings: { linksPerMinute: 2, requestsPerMinute: 3 },
    });
    const create = () => own.asPartner({ method: "POST", path: LINKS, body: { referenceId: "u1" } });
    const read = () => own.asPartner({ path: "/partner/me" });
    expect([(await create()).status, (await create()).status]).toEqual([201, 201]);
    const over = await create();
    expect(over.status).toBe(429);
    expect(over.json.error.code).toBe("RATE_LIMIT_EXCEEDED");
    expect(Number(over.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(over.headers.get("ratelimit-remaining")).toBe("0");
    expect([(await read()).status, (await read()).status, (await read()).status]).toEqual([200, 200, 200]);
    expect((await read()).status).toBe(429);
    const counted = await own.dependencies.metrics.text();
    expect(counted).toMatch(/m2m_rate_limited_total\{[^}]*limit="links"[^}]*\} 1\n/);
    expect(counted).toMatch(/m2m_rate_limited_total\{[^}]*limit="requests"[^}]*\} 1\n/);
    const known = own.keys.get(hashOfKey(KEY))!;
    own.keys.set(hashOfKey(OTHER_KEY), { ...known, environment: "live" });
    expect((await own.call({ path: "/partner/me", apiKey: OTHER_KEY })).status).toBe(200);
    await own.stop();
  });

  test("what is refused before the key is known is not counted", async () => {
    const answered = await gateway.call({ path: "/partner/me" });
    expect(answered.headers.get("ratelimit-limit")).toBeNull();
  });
});

describe("errors of ours", () => {
  const failing = (error: Error) =>
    fakeGateway({
      overrides: {
        findKey: async () => {
          throw error;
        },
      },
    });

  test("an unknown error is a 500 that says nothing of it", async () => {
    const own = await failing(new Error("secret detail of the database"));
    const answered = await own.asPartner({ path: "/partner/me" });
    await own.stop();
    expect(answered.status).toBe(500);
    expect(answered.json.error).toEqual({
      code: "INTERNAL_ERROR",
      message: ERRORS.INTERNAL_ERROR.message,
      requestId: answered.headers.get("x-request-id"),
    });
    expect(own.logged).toContainEqual(expect.objectContaining({ msg: "request failed" }));
  });

  test("a database that is away is a 503: nothing was accepted, try again", async () => {
    const own = await failing(Object.assign(new Error("connect"), { code: "ECONNREFUSED" }));
    const answered = await own.asPartner({ path: "/partner/me" });
    await own.stop();
    expect([answered.status, answered.json.error.code]).toEqual([503, "UNAVAILABLE"]);
    expect(answered.headers.get("retry-after")).toBe("2");
  });

  test("an outage is told once in a while, not for every request; the access log has them all", async () => {
    const own = await failing(Object.assign(new Error("connect"), { code: "ECONNREFUSED" }));
    for (let request = 0; request < 5; request += 1) await own.asPartner({ path: "/partner/me" });
    own.clock.advance(10_000);
    await own.asPartner({ path: "/partner/me" });
    await own.stop();
    const told = own.logged.filter(({ msg }) => msg === "request failed: a system behind the gateway is away");
    expect(told).toMatchObject([{ level: "warn", route: "/partner/me" }, { leftOut: 4 }]);
    expect(own.logged.filter(({ msg, status }) => msg === "request" && status === 503)).toHaveLength(6);
  });

  test("every code has a status, a message and a sentence for the documentation", () => {
    for (const [code, { status, message, when }] of Object.entries(ERRORS)) {
      expect([code, status >= 400 && status < 600, message.length > 5, when.endsWith(".")]).toEqual([
        code,
        true,
        true,
        true,
      ]);
    }
    for (const [code, message] of Object.entries(REFUSALS)) {
      expect(ERRORS[code as keyof typeof REFUSALS].message).toBe(message);
    }
  });
});

describe("what is written down of a request", () => {
  test("one line at info with the route's name, and nothing of path, query or body", async () => {
    const own = await fakeGateway({ decide: () => new BrokerAway() });
    await own.asPartner({ path: "/partner/users/ana%40example.com?reveal=false&x=secret-value" });
    await own.asPartner({
      method: "POST",
      path: LINKS,
      body: { referenceId: "u-77", userData: { idNumber: "PII123456" } },
    });
    await own.stop();
    const lines = own.logged.filter(({ msg }) => msg === "request");
    expect(lines).toMatchObject([
      { level: "info", method: "GET", route: "/partner/users/{referenceId}", status: 404, partner: "acme" },
      { level: "info", method: "POST", route: LINKS, status: 503, partner: "acme", environment: "test" },
    ]);
    expect(JSON.stringify(own.logged)).not.toMatch(/ana|secret-value|PII123456|u-77/);
  });

  test("requests are counted by route name and status", async () => {
    await gateway.call({ path: "/nowhere" });
    const { body } = { body: await gateway.dependencies.metrics.text() };
    expect(body).toMatch(/m2m_http_requests_total\{[^}]*route="unknown"[^}]*status="404"/);
    expect(body).toMatch(/m2m_http_requests_total\{[^}]*route="\/partner\/me"[^}]*status="401"/);
    expect(body).toMatch(/m2m_http_request_duration_seconds_count\{[^}]*route="\/partner\/me"[^}]*\} [1-9]/);
  });

  test("a request id that is not sane is replaced", async () => {
    const answered = await gateway.call({ path: "/", headers: { "x-request-id": "a b<script>" } });
    expect(answered.headers.get("x-request-id")).toMatch(/^req_gateway_[0-9a-z]{12}$/);
  });
});

describe("pages of other origins", () => {
  const ask = (path: string, origin: string) =>
    gateway.call({
      method: "OPTIONS",
      path,
      headers: { origin, "access-control-request-method": "PUT", "access-control-request-headers": "authorization" },
    });

  test("a configured origin may make widget calls", async () => {
    const asked = await ask(`/widget/links/${LINK_ID}/data`, "https://pay.example");
    expect(asked.status).toBe(204);
    expect(asked.headers.get("access-control-allow-origin")).toBe("https://pay.example");
    const answered = await gateway.call({
      path: `/widget/links/${LINK_ID}`,
      headers: { origin: "https://pay.example" },
    });
    expect(answered.status).toBe(401);
    expect(answered.headers.get("access-control-allow-origin")).toBe("https://pay.example");
  });

  test.each([
    [`/widget/links/${LINK_ID}`, "https://evil.example"],
    [LINKS, "https://pay.example"],
  ])("%s is not opened to %s", async (path, origin) => {
    const asked = await ask(path, origin);
    expect(asked.headers.get("access-control-allow-origin")).toBeNull();
  });
});

describe("for those who run it", () => {
  test("health and metrics answer without a key", async () => {
    expect((await gateway.call({ path: "/health/live" })).json).toMatchObject({ status: "ok" });
    expect((await gateway.call({ path: "/health/ready" })).status).toBe(200);
    const metrics = await gateway.call({ path: "/metrics" });
    expect(metrics.headers.get("content-type")).toContain("text/plain");
    expect(metrics.text).toContain("m2m_http_requests_total");
  });

  test("a failing check makes it not ready", async () => {
    const own = await fakeGateway();
    own.dependencies.observed.health.addReady("kafka", () => ({ ok: false }));
    const answered = await own.call({ path: "/health/ready" });
    await own.stop();
    expect(answered.status).toBe(503);
  });
});
