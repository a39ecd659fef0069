import { afterAll, beforeAll, expect, test } from "vitest";
import { call } from "../support/call.ts";
import { startPrivateRedis } from "../support/private-services.ts";
import { type System, startSystem } from "../support/system.ts";

let redis: Awaited<ReturnType<typeof startPrivateRedis>>;
let system: System;
let apiKey: string;

beforeAll(async () => {
  redis = await startPrivateRedis();
  system = await startSystem({ services: { redisUrl: `redis://127.0.0.1:${redis.port}` }, consumers: ["users"] });
  apiKey = (await system.newPartner()).apiKey;
});

afterAll(async () => {
  await system.stop();
  await redis.stop();
});

function post(path: string, body: unknown, headers: Record<string, string> = {}) {
  return call(system.gatewayUrl, { method: "POST", path, key: apiKey, body, headers });
}

/** What a partner does all day, with the refusals; gives the link that is active at the end. */
async function expectEverythingWorks(referenceId: string): Promise<string> {
  const made = await post("/partner/links", { referenceId }, { "Idempotency-Key": `first ${referenceId}` });
  expect(made.status).toBe(201);
  const replayed = await post("/partner/links", { referenceId }, { "Idempotency-Key": `first ${referenceId}` });
  expect(replayed.body.data).toEqual(made.body.data);
  expect(replayed.headers.get("Idempotency-Replayed")).toBe("true");
  const { linkId } = made.body.data;
  const second = await post("/partner/links", { referenceId });
  expect(second.body.error).toMatchObject({ code: "ACTIVE_LINK_EXISTS", existingLinkId: linkId });
  expect((await post(`/partner/links/${linkId}/revoke`, {})).status).toBe(200);
  const again = await post("/partner/links", { referenceId });
  expect(again.status).toBe(201);
  const user = await call(system.gatewayUrl, { path: `/partner/users/${referenceId}`, key: apiKey });
  expect(user.body.data.activeLink.linkId).toBe(again.body.data.linkId);
  return again.body.data.linkId;
}

test("Redis stopped, gone and back: everything still works, and a stale lock never blocks a create", async () => {
  const before = await expectEverythingWorks("with_redis");
  await redis.stop();
  await expectEverythingWorks("without_redis");
  expect((await post(`/partner/links/${before}/revoke`, {})).status).toBe(200);
  const ready = await call(system.gatewayUrl, { path: "/health/ready" });
  expect(ready.status).toBe(200);
  redis = await startPrivateRedis(redis);
  await expectEverythingWorks("redis_is_back");
  expect((await post("/partner/links", { referenceId: "with_redis" })).status).toBe(201);
});
