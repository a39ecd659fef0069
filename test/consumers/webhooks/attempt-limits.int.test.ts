import { connect, createServer, type Server } from "node:net";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createSender, type PhaseLimits, type Sender } from "../../../consumers/webhooks/send.ts";
import { systemClock } from "../../../runtime/clock.ts";
import { hang, startWebhookReceiver, type WebhookReceiver } from "../../support/webhook-receiver.ts";

const TOTAL_MS = 10_000;
const SHORT_MS = 150;
/** Where something has to cross the connection before the limit is reached, also on a machine that stalls. */
const ROOMY_MS = 2_000;

let receiver: WebhookReceiver;
let sender: Sender;
let silent: Server;

beforeEach(async () => {
  receiver = await startWebhookReceiver();
  silent = createServer((socket) => void socket.on("error", () => undefined).resume());
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
});

afterEach(async () => {
  await sender.stop();
  await receiver.stop();
  await new Promise((resolve) => silent.close(resolve));
});

async function post(url: string, limits: Partial<PhaseLimits>, timeoutMs = TOTAL_MS) {
  const resolve = () => new Promise<never>(() => undefined);
  sender = createSender({ timeoutMs, limits, resolve, allowPrivateTargets: true, clock: systemClock, concurrency: 4 });
  return sender.send({ url, headers: {}, body: "{}" });
}

const portOf = (server: Server) => (server.address() as { port: number }).port;

async function expectEndedEarly(attempt: ReturnType<typeof post>, failureClass: string, limitMs = SHORT_MS) {
  const { outcome, durationMs } = await attempt;
  expect(outcome).toEqual({ kind: "unanswered", failureClass });
  expect(durationMs).toBeGreaterThanOrEqual(limitMs - 5);
  expect(durationMs).toBeLessThan(TOTAL_MS / 2);
}

describe("bar 9 each phase of an attempt has a limit of its own, and its failure says which it was", () => {
  test("dns: a name that is never found", async () => {
    await expectEndedEarly(post("http://hangs.example/", { dnsMs: SHORT_MS }), "dns");
  });

  test("connect: a machine that does not answer", async () => {
    const full = await startFullListener();
    await expectEndedEarly(post(`http://127.0.0.1:${full.port}/`, { connectMs: SHORT_MS }), "connect");
    await full.stop();
  });

  test("tls: a server that takes the connection and says nothing", async () => {
    await expectEndedEarly(post(`https://127.0.0.1:${portOf(silent)}/`, { tlsMs: SHORT_MS }), "tls");
  });

  test("timeout: a server that takes the request and does not begin to answer", async () => {
    receiver.reply(hang);
    await expectEndedEarly(post(receiver.url, { firstByteMs: ROOMY_MS }), "timeout", ROOMY_MS);
    expect(receiver.received).toHaveLength(1);
  });

  test("timeout: an interim answer is no beginning", async () => {
    receiver.reply((response) => response.writeEarlyHints({ link: "</style.css>; rel=preload" }));
    await expectEndedEarly(post(receiver.url, { firstByteMs: SHORT_MS }), "timeout");
  });

  test("an answer that has begun may take the whole time", async () => {
    receiver.reply((response) => {
      response.writeHead(200).write("begun");
      setTimeout(() => response.end(), ROOMY_MS * 2);
    });
    expect((await post(receiver.url, { firstByteMs: ROOMY_MS })).outcome).toEqual({
      kind: "answered",
      statusCode: 200,
    });
  });
});

test("H4 no phase lasts longer than the attempt", async () => {
  const limits = { dnsMs: TOTAL_MS, connectMs: TOTAL_MS, tlsMs: TOTAL_MS, firstByteMs: TOTAL_MS };
  const { outcome, durationMs } = await post(`https://127.0.0.1:${portOf(silent)}/`, limits, SHORT_MS);
  expect(outcome.kind).toBe("unanswered");
  expect(durationMs).toBeLessThan(TOTAL_MS / 2);
});

/** A port whose queue of connections is full and that takes none of them: a further one is neither taken nor refused. */
async function startFullListener() {
  const worker = new Worker(
    `const { createServer } = require("node:net");
     const { parentPort } = require("node:worker_threads");
     const server = createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
       parentPort.postMessage(server.address().port);
       Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
     });`,
    { eval: true },
  );
  const port = await new Promise<number>((resolve) => worker.once("message", resolve));
  const fillers = Array.from({ length: 8 }, () => connect(port, "127.0.0.1").on("error", () => undefined));
  await new Promise((resolve) => fillers[0]?.once("connect", resolve));
  const stop = async () => {
    for (const filler of fillers) filler.destroy();
    await worker.terminate();
  };
  return { port, stop };
}
