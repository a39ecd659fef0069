import { readFileSync } from "node:fs";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import type { Resolve } from "../../../consumers/webhooks/resolve-names.ts";
import { createSender, type Sender } from "../../../consumers/webhooks/send.ts";
import { systemClock } from "../../../runtime/clock.ts";
import { answerWith, startWebhookReceiver, type WebhookReceiver } from "../../support/webhook-receiver.ts";

const fixture = (name: string) => readFileSync(new URL(`../../support/fixtures/${name}`, import.meta.url), "utf8");
/** Of partner.example, signed by itself, until 2126. */
const CERTIFICATE = { cert: fixture("partner-example.cert.pem"), key: fixture("partner-example.key.pem") };
const TRUSTED = getCACertificates("default");

const toReceiver: Resolve = async () => [{ address: "127.0.0.1", family: 4 }];

let receiver: WebhookReceiver;
let sender: Sender;

afterAll(() => setDefaultCACertificates(TRUSTED));

beforeEach(async () => {
  setDefaultCACertificates([...TRUSTED, CERTIFICATE.cert]);
  receiver = await startWebhookReceiver({ certificate: CERTIFICATE });
  const settings = { timeoutMs: 5_000, allowPrivateTargets: true, clock: systemClock, concurrency: 4 };
  sender = createSender({ ...settings, resolve: toReceiver });
});

afterEach(async () => {
  await sender.stop();
  await receiver.stop();
});

const post = (host: string) => {
  const { port } = new URL(receiver.url);
  return sender.send({ url: `https://${host}:${port}/hooks`, headers: {}, body: '{"a":"ñ"}' });
};

test("bar 10 over TLS one connection is used again and again", async () => {
  for (let sent = 0; sent < 20; sent += 1) {
    expect((await post("partner.example")).outcome).toEqual({ kind: "answered", statusCode: 200 });
  }
  expect(receiver.connections()).toBe(1);
  expect(receiver.received[0]).toMatchObject({ path: "/hooks", body: '{"a":"ñ"}' });
});

test("a second connection succeeds too", async () => {
  receiver.reply(answerWith(200, { headers: { connection: "close" } }));
  await post("partner.example");
  expect((await post("partner.example")).outcome).toEqual({ kind: "answered", statusCode: 200 });
  expect(receiver.connections()).toBe(2);
});

test("a certificate of another name is refused, and nothing is sent: tls", async () => {
  expect((await post("somebody-else.example")).outcome).toEqual({ kind: "unanswered", failureClass: "tls" });
  expect(receiver.received).toEqual([]);
});

test("a certificate that nobody vouches for is refused, and nothing is sent: tls", async () => {
  setDefaultCACertificates(TRUSTED);
  expect((await post("partner.example")).outcome).toEqual({ kind: "unanswered", failureClass: "tls" });
  expect(receiver.received).toEqual([]);
});
