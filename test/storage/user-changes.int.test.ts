import { randomBytes } from "node:crypto";
import { afterEach, expect, inject, test } from "vitest";
import { createLog } from "../../runtime/log.ts";
import { createRedis } from "../../storage/redis.ts";
import { createUserChangeSender, listenForUserChanges } from "../../storage/user-changes.ts";
import { until } from "../support/until.ts";

const log = createLog({ level: "silent", component: "test" });
const opened: ReturnType<typeof createRedis>[] = [];

afterEach(() => {
  for (const redis of opened.splice(0)) redis.disconnect();
});

function connect(url = inject("stack").redisUrl) {
  const redis = createRedis({ url, timeoutMs: 1_000, name: "test", log });
  opened.push(redis);
  return redis;
}

test("a hint names each user once, reaches who listens, and what is no hint is not heard", async () => {
  const prefix = `t${randomBytes(4).toString("hex")}:`;
  const heard: (readonly string[])[] = [];
  listenForUserChanges({ redis: connect(), prefix, hear: (keys) => heard.push(keys) });
  const redis = connect();
  const { send } = createUserChangeSender({ redis, prefix });
  await until("somebody listens", async () => {
    await send(["p/test/first"]);
    return heard.length > 0;
  });
  await redis.publish(`${prefix}user-changes`, "{");
  await send([]);
  await send(["p/test/a", "p/test/b", "p/test/a"]);
  await until("the last hint is heard", async () => heard.at(-1)?.length === 2);
  const others = heard.filter((keys) => keys.length > 0 && keys[0] !== "p/test/first");
  expect(others).toEqual([["p/test/a", "p/test/b"]]);
});

test("without Redis a hint is lost and nobody is told of an error", async () => {
  const { send } = createUserChangeSender({ redis: connect("redis://127.0.0.1:1"), prefix: "x:" });
  await expect(send(["p/test/a"])).resolves.toBeUndefined();
});
