import { Redis } from "ioredis";
import { expect, test } from "vitest";
import { redisAnswers } from "../../stack/probes.ts";
import { startPrivatePostgres, startPrivateRedis } from "../support/private-services.ts";

test("a test's own Redis can be killed and started again at the same port with the same data", async () => {
  const first = await startPrivateRedis();
  const client = new Redis(first.url);
  await client.set("key", "value");
  await client.save();
  client.disconnect();
  await first.kill();
  await expect(redisAnswers(first.port)).rejects.toThrow();

  const second = await startPrivateRedis(first);
  const again = new Redis(second.url);
  expect(await again.get("key")).toBe("value");
  again.disconnect();
  await second.stop();
});

test("a test's own Postgres can be paused and goes on", async () => {
  const postgres = await startPrivatePostgres();
  await postgres.pause();
  await postgres.resume();
  await postgres.kill();
  const again = await startPrivatePostgres(postgres);
  expect(again.url("m2m")).toBe(postgres.url("m2m"));
  await again.stop();
});
