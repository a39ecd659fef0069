import { execFile } from "node:child_process";
import { createServer, type Server } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createSender, type Sender } from "../../../consumers/webhooks/send.ts";
import { deliveryHeaders } from "../../../domain/webhook/delivery-headers.ts";
import { systemClock } from "../../../runtime/clock.ts";
import { startWebhookReceiver, type WebhookReceiver } from "../../support/webhook-receiver.ts";

let receiver: WebhookReceiver;
let sender: Sender;

beforeEach(async () => {
  receiver = await startWebhookReceiver();
  sender = createSender({ timeoutMs: 5_000, allowPrivateTargets: true, clock: systemClock, concurrency: 4 });
});

afterEach(async () => {
  await sender.stop();
  await receiver.stop();
});

const FACTS = {
  ...{ id: "evt_acme_abc123def456", eventType: "user.created", body: "{}", timestampSeconds: 1_767_323_045 },
  ...{ number: 1, sequence: 7, traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01" },
  secrets: ["whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="],
} as const;

describe("bar 10 nothing that stands in an event can write a header", () => {
  const INJECTIONS = ["\r\nx-evil: 1", "\nx-evil: 1", "\rx-evil: 1", "\r\n\r\nPOST /evil HTTP/1.1\r\n\r\n", "\0"];
  const FIELDS = ["id", "eventType", "traceparent"] as const;

  test.each(FIELDS.flatMap((field) => INJECTIONS.map((text) => [field, text] as const)))(
    "%s %j",
    async (field, text) => {
      const headers = deliveryHeaders({ ...FACTS, [field]: `${FACTS[field]}${text}` });
      const { outcome } = await sender.send({ url: receiver.url, headers, body: FACTS.body });
      expect(outcome.kind).toBe("unanswered");
      // A good one afterwards shows that nothing of the bad one is on its way.
      await sender.send({ url: `${receiver.url}/good`, headers: deliveryHeaders(FACTS), body: FACTS.body });
      expect(receiver.received.map(({ path }) => path)).toEqual(["/good"]);
    },
  );

  test("nor can the URL that a partner chose", async () => {
    const url = `${receiver.url}/hooks\r\nx-evil: 1?a=%0d%0ax-evil:1 HTTP/1.1`;
    await sender.send({ url, headers: deliveryHeaders(FACTS), body: FACTS.body });
    expect(receiver.received.map(({ path }) => path)).toEqual(["/hooksx-evil:%201?a=%0d%0ax-evil:1%20HTTP/1.1"]);
    expect(receiver.received[0]?.headers).not.toHaveProperty("x-evil");
  });
});

describe("bar 9 an answer is bounded before its body too", () => {
  let odd: Server;
  const startOdd = async (chunk: string) => {
    odd = createServer((socket) => {
      const pour = () => void (socket.destroyed || socket.write(chunk, () => setImmediate(pour)));
      socket.on("error", () => undefined).once("data", () => socket.write("HTTP/1.1 200 OK\r\n", pour));
    });
    await new Promise<void>((resolve) => odd.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(odd.address() as { port: number }).port}/`;
  };
  afterEach(() => new Promise((resolve) => odd.close(resolve)));

  test.each([
    ["headers without end", `x-more: ${"x".repeat(1_000)}\r\n`],
    ["one header without end", "x".repeat(1_000)],
  ])("%s", async (_, chunk) => {
    const { outcome, durationMs } = await sender.send({ url: await startOdd(chunk), headers: {}, body: "{}" });
    expect(outcome).toEqual({ kind: "unanswered", failureClass: "protocol" });
    expect(durationMs).toBeLessThan(5_000);
  });
});

test("bar 10 proxies that the environment names are not used", async () => {
  const proxy = await startWebhookReceiver();
  const names = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"].flatMap((name) => [name, name.toLowerCase()]);
  const env = { ...Object.fromEntries(names.map((name) => [name, proxy.url])), NODE_USE_ENV_PROXY: "1", NO_PROXY: "" };
  const program = `
    import { createSender } from ${JSON.stringify(new URL("../../../consumers/webhooks/send.ts", import.meta.url).href)};
    const settings = { timeoutMs: 5000, allowPrivateTargets: true, clock: Date.now, concurrency: 1 };
    const sender = createSender(settings);
    const { outcome } = await sender.send({ url: ${JSON.stringify(`${receiver.url}/direct`)}, headers: {}, body: "{}" });
    await sender.stop();
    console.log(JSON.stringify(outcome));`;
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  execFile(process.execPath, ["--input-type=module", "-e", program], { env }, (error, output) =>
    error === null ? resolve(output) : reject(error),
  );
  expect(JSON.parse(await promise)).toEqual({ kind: "answered", statusCode: 200 });
  expect(receiver.received.map(({ path }) => path)).toEqual(["/direct"]);
  expect(proxy.connections()).toBe(0);
  await proxy.stop();
});
