import { createServer as createTcpServer, type Server as TcpServer } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { READ_BYTES } from "../../../consumers/webhooks/exchange.ts";
import type { Resolve } from "../../../consumers/webhooks/resolve-names.ts";
import { createSender, type Sender, type SenderSettings } from "../../../consumers/webhooks/send.ts";
import { verdictOf } from "../../../domain/webhook/verdict.ts";
import { systemClock } from "../../../runtime/clock.ts";
import { answerWith, hang, startWebhookReceiver, type WebhookReceiver } from "../../support/webhook-receiver.ts";

/** For an attempt that is to reach it: long enough for a status to come first, also on a machine that stalls. */
const SHORT_MS = 2_000;

let receiver: WebhookReceiver;
let sender: Sender;

beforeEach(async () => {
  receiver = await startWebhookReceiver();
  sender = senderWith();
});

afterEach(async () => {
  await sender.stop();
  await receiver.stop();
});

const senderWith = (changes: Partial<SenderSettings> = {}) =>
  createSender({
    ...{ timeoutMs: 10_000, allowPrivateTargets: true, clock: systemClock, concurrency: 32 },
    ...changes,
  });

const post = (url: string, by = sender) =>
  by.send({ url, headers: { "content-type": "application/json", "x-m2m-event": "link.created" }, body: '{"a":"ñ"}' });

const failed = (failureClass: string) => ({ kind: "unanswered", failureClass });

describe("an answer", () => {
  test("2xx is an answer with its first KiB, and what was sent arrived byte for byte", async () => {
    receiver.reply(answerWith(202, { body: "thank you" }));
    const result = await post(`${receiver.url}/hooks?x=1`);
    expect(result).toMatchObject({ outcome: { kind: "answered", statusCode: 202 }, answerExcerpt: "thank you" });
    expect(receiver.received[0]).toMatchObject({ path: "/hooks?x=1", body: '{"a":"ñ"}' });
    expect(receiver.received[0]?.headers).toMatchObject({
      "content-type": "application/json",
      "content-length": "10",
      "x-m2m-event": "link.created",
    });
  });

  test("Retry-After comes along", async () => {
    receiver.reply(answerWith(503, { headers: { "retry-after": "120" } }));
    expect(await post(receiver.url)).toMatchObject({ statusCode: 503, retryAfter: "120" });
  });

  test("bar 9 a redirect is not followed", async () => {
    receiver.reply(answerWith(307, { headers: { location: `${receiver.url}/elsewhere` } }));
    const { outcome } = await post(`${receiver.url}/hooks`);
    expect(verdictOf(outcome)).toEqual({ kind: "failed", failureClass: "redirect" });
    expect(receiver.received.map(({ path }) => path)).toEqual(["/hooks"]);
  });

  test("bar 9 a compressed answer stays compressed", async () => {
    const bomb = Buffer.from("1f8b08000000000000034b4c4a06000c4ac35703000000", "hex");
    receiver.reply(answerWith(200, { body: bomb, headers: { "content-encoding": "gzip" } }));
    const { answerExcerpt } = await post(receiver.url);
    expect(answerExcerpt).toHaveLength(bomb.toString("utf8").length);
  });

  test("what Postgres cannot store is replaced", async () => {
    receiver.reply(answerWith(500, { body: Buffer.from([0x61, 0, 0xff, 0x62]) }));
    expect((await post(receiver.url)).answerExcerpt).toBe("a\u{fffd}\u{fffd}b");
  });

  test("one KiB of a long answer is kept", async () => {
    receiver.reply(answerWith(200, { body: "x".repeat(READ_BYTES / 2) }));
    expect((await post(receiver.url)).answerExcerpt).toBe("x".repeat(1_024));
  });
});

describe("bar 9 a receiver that will not end", () => {
  test("an endless body is cut off, and its status counts", async () => {
    let writtenBytes = 0;
    receiver.reply((response) => {
      response.writeHead(200);
      const write = () => {
        if (response.destroyed) return;
        writtenBytes += 16_384;
        response.write(Buffer.alloc(16_384, "x"), () => setImmediate(write));
      };
      write();
    });
    const result = await post(receiver.url);
    expect(result).toMatchObject({ outcome: { kind: "answered", statusCode: 200 }, answerExcerpt: "x".repeat(1_024) });
    expect(writtenBytes).toBeLessThan(READ_BYTES * 100);
  });

  test("H4 a body that drips ends at the time limit and is a failure", async () => {
    receiver.reply((response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write("."), 20);
      response.on("close", () => clearInterval(drip));
    });
    const hasty = senderWith({ timeoutMs: SHORT_MS });
    const result = await post(receiver.url, hasty);
    expect(result).toMatchObject({ outcome: failed("timeout"), statusCode: 200 });
    expect(result.durationMs).toBeGreaterThanOrEqual(SHORT_MS - 5);
    expect(result.durationMs).toBeLessThan(10_000);
    await hasty.stop();
  });

  test("H4 no answer at all ends at the time limit", async () => {
    receiver.reply(hang);
    const hasty = senderWith({ timeoutMs: SHORT_MS });
    expect(await post(receiver.url, hasty)).toMatchObject({ outcome: failed("timeout"), statusCode: null });
    await hasty.stop();
  });

  test("H4 waiting for a name counts too, and nothing is sent afterwards", async () => {
    const { promise, resolve: findName } = Promise.withResolvers<Awaited<ReturnType<Resolve>>>();
    const patient = senderWith({ timeoutMs: 50, resolve: () => promise });
    const { port } = new URL(receiver.url);
    expect(await post(`http://slow.example:${port}/late`, patient)).toMatchObject({ outcome: failed("timeout") });
    findName([{ address: "127.0.0.1", family: 4 }]);
    await post(`${receiver.url}/later`, sender);
    expect(receiver.received.map(({ path }) => path)).toEqual(["/later"]);
    await patient.stop();
  });
});

describe("a receiver that cannot be reached", () => {
  let odd: TcpServer;
  const startOdd = async (onConnection: (write: (text: string) => void) => void) => {
    odd = createTcpServer((socket) => {
      socket.on("error", () => socket.destroy()).resume();
      onConnection((text) => void socket.end(text));
    });
    await new Promise<void>((resolve) => odd.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(odd.address() as { port: number }).port}`;
  };
  const stopOdd = () => new Promise((resolve) => odd.close(resolve));

  test("nobody listens: connect", async () => {
    const url = await startOdd(() => undefined);
    await stopOdd();
    expect((await post(url)).outcome).toEqual(failed("connect"));
  });

  test("no such name: dns", async () => {
    const resolve: Resolve = () => Promise.reject(Object.assign(new Error("not found"), { code: "ENOTFOUND" }));
    const lost = senderWith({ resolve });
    expect((await post("https://nowhere.example/", lost)).outcome).toEqual(failed("dns"));
    await lost.stop();
  });

  test("hangs up without an answer: connection_lost", async () => {
    const url = await startOdd((write) => write(""));
    expect((await post(url)).outcome).toEqual(failed("connection_lost"));
    await stopOdd();
  });

  test("speaks something else: protocol", async () => {
    const url = await startOdd((write) => write("220 mail.example ESMTP\r\n"));
    expect((await post(url)).outcome).toEqual(failed("protocol"));
    await stopOdd();
  });

  test("speaks no TLS: tls", async () => {
    expect((await post(receiver.url.replace("http:", "https:"))).outcome).toEqual(failed("tls"));
  });

  test("breaks off in the middle of a good answer: a failure that keeps the status", async () => {
    receiver.reply((response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("part", () => response.destroy());
    });
    const result = await post(receiver.url);
    expect(result).toMatchObject({ outcome: failed("connection_lost"), statusCode: 200, answerExcerpt: "part" });
  });
});

describe("bar 10 connections", () => {
  test("are used again on a steady endpoint", async () => {
    for (let sent = 0; sent < 50; sent += 1) await post(receiver.url);
    expect(receiver.received).toHaveLength(50);
    expect(receiver.connections()).toBe(1);
  });

  test("are opened anew when the receiver closed an idle one", async () => {
    await post(receiver.url);
    receiver.dropIdleConnections();
    await new Promise((resolve) => setImmediate(resolve));
    expect((await post(receiver.url)).outcome).toEqual({ kind: "answered", statusCode: 200 });
  });

  test("of one origin do not wait for each other", async () => {
    const { promise: mayAnswer, resolve: answer } = Promise.withResolvers<void>();
    receiver.reply((response, webhook) => {
      if (webhook.path === "/hangs") void mayAnswer.then(() => answerWith(200)(response, webhook));
      else answerWith(200)(response, webhook);
    });
    const hanging = post(`${receiver.url}/hangs`);
    expect((await post(`${receiver.url}/answers`)).outcome).toEqual({ kind: "answered", statusCode: 200 });
    answer();
    expect((await hanging).outcome).toEqual({ kind: "answered", statusCode: 200 });
  });
});
