import { Agent } from "undici";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { exchange } from "../../../consumers/webhooks/exchange.ts";
import { createGuardedConnector, type Resolve } from "../../../consumers/webhooks/guarded-connector.ts";
import { createSender } from "../../../consumers/webhooks/send.ts";
import { systemClock } from "../../../runtime/clock.ts";
import { answerWith, startWebhookReceiver, type WebhookReceiver } from "../../support/webhook-receiver.ts";

const TIMEOUT_MS = 2_000;
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

/** Posts to hosts one after the other through one guarded agent. */
async function postThrough(resolve: Resolve, hosts: readonly string[]) {
  const isAllowed = (address: string) => address === OUTSIDE.address;
  const connect = createGuardedConnector({ isAllowed, resolve, timeoutMs: TIMEOUT_MS });
  const agent = new Agent({ connect, allowH2: false });
  const outcomes = [];
  for (const host of hosts) {
    const request = { url: `http://${host}:${port}/`, headers: {}, body: "{}" };
    outcomes.push((await exchange(agent, request, TIMEOUT_MS)).outcome);
    // A connection is free for the next request one turn after its answer has ended.
    await new Promise((resolve) => setImmediate(resolve));
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

  test.each(["0x7f000002", "2130706434", "127.2", "0177.0.0.2", "[::1]", "[::ffff:127.0.0.2]", "[fe80::1]"])(
    "in any spelling: %s",
    async (host) => {
      expect(await postThrough(unasked, [host])).toEqual([REFUSED]);
      expect(inside.connections()).toBe(0);
    },
  );
});

describe("bar 10 the sender as it runs in production", () => {
  const resolve: Resolve = async () => [{ address: "127.0.0.1", family: 4 }];
  const sender = createSender({ timeoutMs: TIMEOUT_MS, allowPrivateTargets: false, clock: systemClock, resolve });
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
