import { randomBytes } from "node:crypto";
import type { Redis } from "ioredis";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createRateLimits } from "../../gateway/rate-limits.ts";
import { createLog } from "../../runtime/log.ts";
import { createRedis } from "../../storage/redis.ts";

const log = createLog({ level: "silent", component: "test" });
const prefix = `${randomBytes(5).toString("hex")}:`;
let redis: Redis;

beforeAll(async () => {
  redis = createRedis({ url: inject("stack").redisUrl, timeoutMs: 10_000, name: "test", log });
  await new Promise((ready) => redis.once("ready", ready));
});
afterAll(() => redis.disconnect());

test("two processes count together, each key and limit for itself", async () => {
  const [one, other] = [createRateLimits({ redis, prefix }), createRateLimits({ redis, prefix })];
  expect(await one("links:acme/test", 2)).toMatchObject({ isExceeded: false, limit: 2, remaining: 1 });
  expect(await other("links:acme/test", 2)).toMatchObject({ isExceeded: false, remaining: 0 });
  const over = await one("links:acme/test", 2);
  expect(over).toMatchObject({ isExceeded: true, remaining: 0 });
  expect(over.resetSeconds).toBeGreaterThan(0);
  expect(over.resetSeconds).toBeLessThanOrEqual(60);
  expect(await one("links:acme/live", 2)).toMatchObject({ isExceeded: false, remaining: 1 });
});

test("without Redis each process counts for itself", async () => {
  const away = createRedis({ url: "redis://127.0.0.1:1", timeoutMs: 50, name: "away", log });
  const [one, other] = [createRateLimits({ redis: away, prefix }), createRateLimits({ redis: away, prefix })];
  expect(await one("requests:acme/test", 1)).toMatchObject({ isExceeded: false, remaining: 0 });
  expect(await one("requests:acme/test", 1)).toMatchObject({ isExceeded: true });
  expect(await other("requests:acme/test", 1)).toMatchObject({ isExceeded: false });
  away.disconnect();
});
