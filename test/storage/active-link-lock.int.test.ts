import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from "vitest";
import type { UserAddress } from "../../domain/user/user.ts";
import { createLog } from "../../runtime/log.ts";
import { freePort } from "../../stack/ports.ts";
import {
  type ActiveLinkLock,
  type ActiveLinkReader,
  createActiveLinkLock,
  createActiveLinkReader,
} from "../../storage/active-link-lock.ts";
import { createRedis } from "../../storage/redis.ts";
import { openNetwork } from "./network.ts";

const prefix = `${randomUUID()}:`;
const log = createLog({ level: "silent", component: "test" });
const skipped: string[] = [];
const metrics = { lockSkipped: { inc: ({ reason }: { reason: string }) => skipped.push(reason) } };
const inAnHour = new Date(Date.now() + 3_600_000).toISOString();

let redis: Redis;
let lock: ActiveLinkLock;
let reader: ActiveLinkReader;
beforeAll(async () => {
  redis = createRedis({ url: inject("stack").redisUrl, timeoutMs: 10_000, name: "test", log });
  await once(redis, "ready");
  lock = createActiveLinkLock({ redis, prefix, timeoutMs: 10_000, metrics });
  reader = createActiveLinkReader({ redis, prefix, timeoutMs: 10_000, metrics });
});
afterAll(() => redis.disconnect());
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  skipped.length = 0;
  for (const end of ends.splice(0)) await end();
});

const someone = (): UserAddress => ({ partner: "acme", environment: "test", referenceId: randomUUID() });
const link = (address: UserAddress, linkId: string, expiresAt = inAnHour) => ({ address, linkId, expiresAt });
const keyOf = ({ partner, environment, referenceId }: UserAddress) =>
  `${prefix}active-link:${partner}/${environment}/${referenceId}`;
const milliseconds = async (address: UserAddress) => redis.pttl(keyOf(address));

describe("taking", () => {
  test("C2 of two links of one user the first holds the lock and the second hears which", async () => {
    const address = someone();
    expect((await lock.take([link(address, "link_1")])).get("link_1")).toEqual({ held: true });
    expect((await lock.take([link(address, "link_2")])).get("link_2")).toEqual({ held: false, by: "link_1" });
    expect(await reader.read(address)).toBe("link_1");
  });

  test("a link takes its own lock again, so that a batch can be done again", async () => {
    const address = someone();
    await lock.take([link(address, "link_1", new Date(Date.now() + 60_000).toISOString())]);
    expect((await lock.take([link(address, "link_1")])).get("link_1")).toEqual({ held: true });
    expect(await milliseconds(address)).toBeGreaterThan(3_000_000);
  });

  test("of many at once exactly one gets it", async () => {
    const address = someone();
    const links = Array.from({ length: 20 }, (_, index) => `link_${index}`);
    const taken = await Promise.all(
      links.map(async (linkId) => (await lock.take([link(address, linkId)])).get(linkId)),
    );
    expect(taken.filter((one) => one?.held === true)).toHaveLength(1);
  });

  test("a whole batch is one round trip, and users of other worlds are others", async () => {
    const address = someone();
    const live = { ...address, environment: "live" } as const;
    const others = Array.from({ length: 500 }, someone);
    // The run's Redis counts the calls of other test files too.
    const asked = vi.spyOn(redis, "eval");
    const taken = await lock.take([
      link(address, "link_1"),
      link(live, "link_2"),
      ...others.map((other, index) => link(other, `link_x${index}`)),
    ]);
    expect([...taken.values()].every(({ held }) => held === true)).toBe(true);
    expect(taken.size).toBe(502);
    expect(asked).toHaveBeenCalledTimes(1);
    asked.mockRestore();
  });

  test("nothing to take asks nothing", async () => {
    expect((await lock.take([])).size).toBe(0);
  });

  test("C5 the lock ends by itself when the link does", async () => {
    const address = someone();
    await lock.take([link(address, "link_1", new Date(Date.now() + 30).toISOString())]);
    await expect.poll(() => reader.read(address)).toBeNull();
    expect((await lock.take([link(address, "link_2")])).get("link_2")).toEqual({ held: true });
  });
});

describe("changing hands", () => {
  test("a stale holder is replaced only while it still holds", async () => {
    const address = someone();
    await lock.take([link(address, "link_stale")]);
    const replace = (linkId: string, staleHolder: string) =>
      lock.replaceStale([{ ...link(address, linkId), staleHolder }]);
    expect((await replace("link_new", "link_other")).get("link_new")).toEqual({ held: false, by: "link_stale" });
    expect((await replace("link_new", "link_stale")).get("link_new")).toEqual({ held: true });
    expect((await replace("link_late", "link_stale")).get("link_late")).toEqual({ held: false, by: "link_new" });
    expect(await reader.read(address)).toBe("link_new");
  });

  test("a stale lock that is gone meanwhile is simply taken", async () => {
    const address = someone();
    const taken = await lock.replaceStale([{ ...link(address, "link_new"), staleHolder: "link_gone" }]);
    expect(taken.get("link_new")).toEqual({ held: true });
  });

  test("only its own lock is freed", async () => {
    const address = someone();
    await lock.take([link(address, "link_1")]);
    await lock.free([{ address, linkId: "link_2" }]);
    expect(await reader.read(address)).toBe("link_1");
    await lock.free([{ address, linkId: "link_1" }]);
    expect(await reader.read(address)).toBeNull();
  });

  test("C8 a committed link holds its lock without end, a released one expires again", async () => {
    const address = someone();
    const own = { address, linkId: "link_1" };
    await lock.take([link(address, "link_1")]);
    await lock.removeExpiry([own]);
    expect(await milliseconds(address)).toBe(-1);
    await lock.restoreExpiry([link(address, "link_2")]);
    expect(await milliseconds(address)).toBe(-1);
    await lock.restoreExpiry([link(address, "link_1")]);
    expect(await milliseconds(address)).toBeGreaterThan(0);
    await lock.removeExpiry([{ address, linkId: "link_2" }]);
    expect(await milliseconds(address)).toBeGreaterThan(0);
  });
});

describe("Redis away", () => {
  test("every call says that it does not know, within its time, and counts it", async () => {
    const nobody = createRedis({ url: `redis://127.0.0.1:${await freePort()}`, timeoutMs: 50, name: "away", log });
    ends.push(async () => nobody.disconnect());
    const settings = { redis: nobody, prefix, timeoutMs: 5_000, metrics };
    const away = createActiveLinkLock(settings);
    const address = someone();
    expect((await away.take([link(address, "link_1")])).get("link_1")).toEqual({ held: "unknown" });
    const replaced = await away.replaceStale([{ ...link(address, "link_1"), staleHolder: "link_0" }]);
    expect(replaced.get("link_1")).toEqual({ held: "unknown" });
    await away.free([{ address, linkId: "link_1" }]);
    await away.removeExpiry([{ address, linkId: "link_1" }]);
    await away.restoreExpiry([link(address, "link_1")]);
    expect(await createActiveLinkReader(settings).read(address)).toBe("unknown");
    expect(skipped).toEqual(Array.from({ length: 6 }, () => "error"));
  });

  test("a Redis that goes silent costs 50 ms a call, what it never answered is not sent again, and it comes back", async () => {
    const network = await openNetwork(Number(new URL(inject("stack").redisUrl).port));
    const silent = createRedis({ url: `redis://127.0.0.1:${network.port}`, timeoutMs: 50, name: "silent", log });
    ends.push(async () => silent.disconnect(), network.close);
    await expect.poll(() => silent.status, { timeout: 10_000 }).toBe("ready");
    const settings = { redis: silent, prefix, timeoutMs: 50, metrics };
    const address = someone();
    network.goSilent();
    const startedAt = performance.now();
    const taken = await createActiveLinkLock(settings).take([link(address, "link_1")]);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect(taken.get("link_1")).toEqual({ held: "unknown" });
    expect(skipped).toHaveLength(1);
    await expect.poll(() => silent.status, { timeout: 10_000 }).not.toBe("ready");
    network.recover();
    await expect.poll(() => silent.status, { timeout: 10_000 }).toBe("ready");
    const again = createActiveLinkReader(settings);
    await expect.poll(() => again.read(address)).toBeNull();
  });
});
