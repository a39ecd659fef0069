import { Agent } from "undici";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createConnectionPools } from "../../../consumers/webhooks/connection-pools.ts";
import { exchange } from "../../../consumers/webhooks/exchange.ts";
import { createGuardedConnector } from "../../../consumers/webhooks/guarded-connector.ts";
import { createDnsResolve, type Resolve } from "../../../consumers/webhooks/resolve-names.ts";
import { createSender } from "../../../consumers/webhooks/send.ts";
import { systemClock } from "../../../runtime/clock.ts";
import { startNameServer } from "../../support/name-server.ts";
import { answerWith, hang, startWebhookReceiver, type WebhookReceiver } from "../../support/webhook-receiver.ts";

const TIMEOUT_MS = 2_000;
const LIMITS = { dnsMs: TIMEOUT_MS, connectMs: TIMEOUT_MS, tlsMs: TIMEOUT_MS };
const REFUSED = { kind: "unanswered", failureClass: "refused_address" };
const ANSWERED = { kind: "answered", statusCode: 200 };

/** Loopback plays both parts: 127.0.0.1 is the public server, 127.0.0.2 something inside. */
const OUTSIDE = { address: "127.0.0.1", family: 4 };
const INSIDE = { address: "127.0.0.2", family: 4 };

let outside: WebhookReceiver;
let inside: WebhookReceiver;
let port: string;

beforeEach(async () => {
  outside = await startWebhookReceiver();
  port = new URL(outside.url).port;
  inside = await startWebhookReceiver({ host: INSIDE.address, port: Number(port) });
});

afterEach(() => Promise.all([outside.stop(), inside.stop()]));

const isAllowed = (address: string) => address === OUTSIDE.address;

/** Posts to hosts one after the other through one guarded agent. */
async function postThrough(resolve: Resolve, hosts: readonly string[]) {
  const connect = createGuardedConnector({ isAllowed, resolve, limits: LIMITS });
  const agent = new Agent({ connect, allowH2: false });
  const outcomes = [];
  for (const host of hosts) {
    const request = { url: `http://${host}:${port}/`, headers: {}, body: "{}" };
    outcomes.push((await exchange(agent, request, { totalMs: TIMEOUT_MS, firstByteMs: TIMEOUT_MS })).outcome);
  }
  await agent.destroy();
  return outcomes;
}

describe("bar 10 names", () => {
  test("a name that answers with an allowed address first and an inner one second is refused the second time", async () => {
    // Without keep-alive every webhook needs a connection of its own, so the name is asked for again.
    outside.reply(answerWith(200, { headers: { connection: "close" } }));
    const answers = [[OUTSIDE], [INSIDE]];
    const outcomes = await postThrough(async () => answers.shift() ?? [], ["rebinding.example", "rebinding.example"]);
    expect(outcomes).toEqual([ANSWERED, REFUSED]);
    expect(inside.connections()).toBe(0);
  });

  test("so is the second connection of a pool, while the first is busy", async () => {
    const answers = [[OUTSIDE], [INSIDE]];
    const connect = createGuardedConnector({ isAllowed, resolve: async () => answers.shift() ?? [], limits: LIMITS });
    const pools = createConnectionPools({ connect, perOrigin: 8 });
    outside.reply(hang);
    const post = (totalMs: number) => {
      const request = { url: `http://rebinding.example:${port}/`, headers: {}, body: "{}" };
      return exchange(pools, request, { totalMs, firstByteMs: totalMs });
    };
    const busy = post(3_000);
    await outside.until((received) => received.length === 1);
    expect((await post(TIMEOUT_MS)).outcome).toEqual(REFUSED);
    expect((await busy).outcome).toEqual({ kind: "unanswered", failureClass: "timeout" });
    expect(inside.connections()).toBe(0);
    await pools.destroy();
  });

  test("and so it is with the resolver of production and a name server that changes its mind", async () => {
    outside.reply(answerWith(200, { headers: { connection: "close" } }));
    const answers = [[OUTSIDE.address], [INSIDE.address]];
    const names = await startNameServer((_, family) => (family === 4 ? (answers.shift() ?? []) : []));
    // So long that no question is asked a second time, which would take the next answer.
    const resolve = createDnsResolve({ servers: [names.server], limitMs: 10_000 });
    const outcomes = await postThrough(resolve, ["rebinding.example", "rebinding.example"]);
    expect(outcomes).toEqual([ANSWERED, REFUSED]);
    expect(names.questions.filter((question) => question === "A rebinding.example")).toHaveLength(2);
    expect(inside.connections()).toBe(0);
    await names.stop();
  });

  test("one connection asks for the name once: what was vetted is what is used", async () => {
    const answers = [[OUTSIDE], [INSIDE], [INSIDE]];
    const outcomes = await postThrough(async () => answers.shift() ?? [], ["rebinding.example", "rebinding.example"]);
    expect(outcomes).toEqual([ANSWERED, ANSWERED]);
    expect(answers).toHaveLength(2);
    expect([outside.connections(), inside.connections()]).toEqual([1, 0]);
  });

  test("of several addresses only the allowed ones are used", async () => {
    expect(await postThrough(async () => [INSIDE, OUTSIDE], ["mixed.example"])).toEqual([ANSWERED]);
    expect(inside.connections()).toBe(0);
  });

  test("a name without an allowed address, or without any, is refused", async () => {
    expect(await postThrough(async () => [INSIDE], ["inner.example"])).toEqual([REFUSED]);
    expect(await postThrough(async () => [], ["empty.example"])).toEqual([REFUSED]);
    expect(inside.connections()).toBe(0);
  });
});

describe("bar 10 literal addresses, for which no lookup is made", () => {
  const unasked: Resolve = () => Promise.reject(new Error("nobody asks for the name of a literal address"));

  test("an allowed one is used, an inner one refused", async () => {
    expect(await postThrough(unasked, ["127.0.0.1", "127.0.0.2"])).toEqual([ANSWERED, REFUSED]);
    expect(inside.connections()).toBe(0);
  });

  test.each([
    "0x7f000002",
    "2130706434",
    "127.2",
    "0177.0.0.2",
    "[::1]",
    "[::ffff:127.0.0.2]",
    "127。0。0。2",
    "%31%32%37.0.0.2",
  ])("in any spelling: %s", async (host) => {
    expect(await postThrough(unasked, [host])).toEqual([REFUSED]);
    expect(inside.connections()).toBe(0);
  });
});

describe("bar 10 the sender as it runs in production", () => {
  const resolve: Resolve = async () => [{ address: "127.0.0.1", family: 4 }];
  const settings = { timeoutMs: TIMEOUT_MS, allowPrivateTargets: false, clock: systemClock, concurrency: 4 };
  const sender = createSender({ ...settings, resolve });
  const outcomeOf = async (url: string) => (await sender.send({ url, headers: {}, body: "{}" })).outcome;

  test("refuses names and literals that lead to private addresses", async () => {
    for (const host of ["rebinding.example", "127.0.0.1", "[::1]", "10.0.0.1", "169.254.169.254", "[fd00:ec2::254]"]) {
      expect(await outcomeOf(`https://${host}:${port}/`)).toEqual(REFUSED);
    }
    expect(outside.connections()).toBe(0);
  });

  test.each(["http://partner.example/", "ftp://partner.example/", "https://user:secret@partner.example/", "nonsense"])(
    "refuses a URL that should not have been stored: %s",
    async (url) => {
      expect(await outcomeOf(url)).toEqual({ kind: "unanswered", failureClass: "refused_url" });
    },
  );
});
