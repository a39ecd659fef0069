import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { Redis } from "ioredis";
import { afterAll, expect, inject, test } from "vitest";
import { createLog } from "../../runtime/log.ts";
import { freePort } from "../../stack/ports.ts";
import { announceKeyChange, listenForKeyChanges } from "../../storage/configuration/key-changes.ts";
import { createRedis } from "../../storage/redis.ts";

const prefix = `${randomUUID()}:`;
const log = createLog({ level: "silent", component: "test" });
const open: Redis[] = [];
const connect = (url = inject("stack").redisUrl) => {
  const redis = createRedis({ url, timeoutMs: 1_000, name: "test", log });
  open.push(redis);
  return redis;
};
afterAll(() => {
  for (const redis of open) redis.disconnect();
});

test("every gateway forgets when a key changes, and when it begins to listen", async () => {
  const forgotten = [0, 0];
  for (const index of forgotten.keys()) {
    listenForKeyChanges({
      redis: connect(),
      prefix,
      forget: () => {
        forgotten[index] = (forgotten[index] ?? 0) + 1;
      },
    });
  }
  await expect.poll(() => forgotten).toEqual([1, 1]);
  const announcing = connect();
  await once(announcing, "ready");
  await announceKeyChange({ redis: announcing, prefix });
  await expect.poll(() => forgotten).toEqual([2, 2]);
});

test("announcing without Redis harms nobody", async () => {
  await announceKeyChange({ redis: connect(`redis://127.0.0.1:${await freePort()}`), prefix });
});
