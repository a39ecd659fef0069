import type { Agent } from "undici";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createConnectionPools, type PoolSettings } from "../../../consumers/webhooks/connection-pools.ts";
import { exchange } from "../../../consumers/webhooks/exchange.ts";
import { createGuardedConnector } from "../../../consumers/webhooks/guarded-connector.ts";
import { resolveByMachine } from "../../../consumers/webhooks/resolve-names.ts";
import { until } from "../../support/until.ts";
import { hang, startWebhookReceiver, type WebhookReceiver } from "../../support/webhook-receiver.ts";

const ANSWERED = { kind: "answered", statusCode: 200 };
const LIMITS = { dnsMs: 5_000, connectMs: 5_000, tlsMs: 5_000 };

let receiver: WebhookReceiver;
let pools: Agent;

beforeEach(async () => {
  // On all of 127.0.0.0/8: each of its addresses is an origin.
  receiver = await startWebhookReceiver({ host: "0.0.0.0" });
});

afterEach(async () => {
  await pools.destroy();
  await receiver.stop();
});

function open(settings: Partial<PoolSettings> = {}) {
  const connect = createGuardedConnector({ isAllowed: () => true, resolve: resolveByMachine, limits: LIMITS });
  pools = createConnectionPools({ connect, perOrigin: 256, ...settings });
}

const post = (host = "127.0.0.1", totalMs = 10_000) => {
  const url = receiver.url.replace("0.0.0.0", host);
  return exchange(pools, { url, headers: {}, body: "{}" }, { totalMs, firstByteMs: totalMs });
};

/** `total` requests, `atOnce` at a time: as soon as one has ended the next begins. */
async function postAll(total: number, atOnce: number, hostOf: (index: number) => string = () => "127.0.0.1") {
  let next = 0;
  const one = async () => {
    while (next < total) {
      const index = next;
      next += 1;
      expect((await post(hostOf(index))).outcome).toEqual(ANSWERED);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
}

describe("bar 10 a steady endpoint", () => {
  test("is sent to over the same connections: of 6,400 webhooks, 32 at a time, 99 of 100 open none", async () => {
    open();
    await postAll(6_400, 32);
    expect(receiver.received).toHaveLength(6_400);
    expect(receiver.connections()).toBeLessThanOrEqual(32);
    const busy = new Set(receiver.received.slice(-640).map(({ connection }) => connection));
    expect(busy.size).toBeGreaterThan(1);
  });

  test("one at a time needs one connection", async () => {
    open();
    await postAll(200, 1);
    expect(receiver.connections()).toBe(1);
  });

  test("is connected to anew after a while, so that a name which moved is followed", async () => {
    open({ lifetimeMs: 1 });
    await post();
    await until("a millisecond has passed", async () => receiver.received[0]!.receivedAtMs + 1 < Date.now());
    await post();
    expect(receiver.received.map(({ connection }) => connection)).toEqual([1, 2]);
  });
});

describe("an origin has a bounded number of connections", () => {
  test("H4 who waits for one is held no longer than an attempt may last, and nothing is sent afterwards", async () => {
    open({ perOrigin: 2 });
    receiver.reply(hang);
    const attempts = await Promise.all([post(undefined, 2_000), post(undefined, 2_000), post(undefined, 2_000)]);
    for (const { outcome } of attempts) expect(outcome).toEqual({ kind: "unanswered", failureClass: "timeout" });
    receiver.reply((response) => void response.end());
    expect((await post()).outcome).toEqual(ANSWERED);
    expect(receiver.received).toHaveLength(3);
  });

  test("and the others still have theirs", async () => {
    open({ perOrigin: 2 });
    receiver.reply((response, { headers }) => void (headers["host"]?.startsWith("127.0.0.1") ? null : response.end()));
    const hanging = [post(undefined, 500), post(undefined, 500), post(undefined, 500)];
    expect((await post("127.0.0.2")).outcome).toEqual(ANSWERED);
    await Promise.all(hanging);
  });
});

describe("an idle origin costs nothing", () => {
  const originsKept = () => Object.keys(pools.stats).length;

  test("bar 10 of 10,000 origins nothing is left once they are idle", { timeout: 60_000 }, async () => {
    open({ idleMs: 100 });
    await postAll(10_000, 64, (index) => `127.1.${Math.floor(index / 250)}.${(index % 250) + 1}`);
    expect(receiver.connections()).toBe(10_000);
    await until("all pools are gone", async () => originsKept() === 0);
  });

  test("also where every attempt failed at once, or no connection was ever made", async () => {
    open({ perOrigin: 2, idleMs: 100 });
    receiver.reply(hang);
    await Promise.all([post("127.0.0.2", 100), post("127.0.0.2", 100), post("127.0.0.2", 100)]);
    const nobody = { url: "http://127.0.0.1:1", headers: {}, body: "{}" };
    await exchange(pools, nobody, { totalMs: 1_000, firstByteMs: 1_000 });
    await until("all pools are gone", async () => originsKept() === 0);
  });
});
