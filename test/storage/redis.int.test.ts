import type { Redis } from "ioredis";
import { afterEach, expect, inject, test } from "vitest";
import { createLog } from "../../runtime/log.ts";
import { freePort } from "../../stack/ports.ts";
import { listenTo } from "../../storage/listen-to.ts";
import { createRedis } from "../../storage/redis.ts";
import { openNetwork } from "./network.ts";

const lines: { level: string; msg: string; connection: string }[] = [];
const log = createLog({
  level: "debug",
  component: "test",
  destination: { write: (line) => lines.push(JSON.parse(line)) },
});
const redisPort = Number(new URL(inject("stack").redisUrl).port);
const open: Redis[] = [];
afterEach(() => {
  for (const redis of open.splice(0)) redis.disconnect();
});

const is = (redis: Redis, isReady: boolean) =>
  expect.poll(() => redis.status === "ready", { timeout: 10_000 }).toBe(isReady);

test("an outage costs two lines of log, commands fail at once meanwhile, and the connection comes back by itself", async () => {
  // Nobody's outgoing connection may get the port while it is closed.
  const network = await openNetwork(redisPort, await freePort());
  const redis = createRedis({ url: `redis://127.0.0.1:${network.port}`, timeoutMs: 50, name: "test", log });
  open.push(redis);
  await is(redis, true);
  expect(lines).toEqual([]);
  await network.close();
  await is(redis, false);
  const failures = await Promise.allSettled(Array.from({ length: 20 }, () => redis.get("key")));
  expect(failures.every(({ status }) => status === "rejected")).toBe(true);
  // Several attempts to connect have failed by then.
  await expect.poll(() => lines.length).toBeGreaterThan(0);
  const again = await openNetwork(redisPort, network.port);
  await is(redis, true);
  await expect.poll(() => redis.get(`absent-${network.port}`).catch(String)).toBeNull();
  expect(lines.map(({ level, connection }) => [level, connection])).toEqual([
    ["warn", "test"],
    ["info", "test"],
  ]);
  redis.disconnect();
  await again.close();
});

test("a Redis that greets more slowly than a command may take is used all the same", async () => {
  const network = await openNetwork(redisPort);
  network.delay(40);
  const redis = createRedis({ url: `redis://127.0.0.1:${network.port}`, timeoutMs: 30, name: "test", log });
  open.push(redis);
  await is(redis, true);
  await expect(redis.get("key")).rejects.toThrow("Command timed out");
  const listening = createRedis({ url: `redis://127.0.0.1:${network.port}`, timeoutMs: 30, name: "test", log });
  open.push(listening);
  await expect.poll(listenTo(listening, "channel", { hear: () => undefined }).isListening).toBe(true);
  for (const connection of open) connection.disconnect();
  await network.close();
});

test("a command that waits longer than its time fails", async () => {
  const network = await openNetwork(redisPort);
  const redis = createRedis({ url: `redis://127.0.0.1:${network.port}`, timeoutMs: 50, name: "test", log });
  open.push(redis);
  await is(redis, true);
  network.goSilent();
  await expect(redis.get("key")).rejects.toThrow("Command timed out");
  redis.disconnect();
  await network.close();
});
