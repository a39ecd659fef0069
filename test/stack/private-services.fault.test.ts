import { connect } from "node:net";
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

test("a test's own Postgres can be paused, goes on, and is back after a crash", async () => {
  const first = await startPrivatePostgres();
  await first.pause();
  expect(await postgresAnswers(first.port, 1_000)).toBe(false);
  await first.resume();
  expect(await postgresAnswers(first.port, 10_000)).toBe(true);

  await first.kill();
  const second = await startPrivatePostgres(first);
  expect(second.url("m2m")).toBe(first.url("m2m"));
  expect(await postgresAnswers(second.port, 10_000)).toBe(true);
  await second.stop();
});

/** Asks what every client may ask first, whether the server speaks TLS: a server that is alive answers N or S. */
function postgresAnswers(port: number, withinMs: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host: "127.0.0.1", port });
  socket.setTimeout(withinMs, () => resolve(false));
  socket.once("error", () => resolve(false));
  socket.once("data", () => resolve(true));
  socket.once("connect", () => socket.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])));
  return promise.finally(() => socket.destroy());
}
