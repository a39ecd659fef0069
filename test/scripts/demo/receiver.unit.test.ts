import { afterEach, beforeEach, expect, test } from "vitest";
import { m2mSignature, standardSignature } from "../../../domain/webhook/signature.ts";
import { DemoFailed } from "../../../scripts/demo/demo-failed.ts";
import { type Receiver, startReceiver, type Webhook } from "../../../scripts/demo/receiver.ts";

const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
let receiver: Receiver;

beforeEach(async () => {
  receiver = await startReceiver({ port: 0, faultOf: (body) => (body === undefined ? "it is no JSON" : null) });
});
afterEach(() => receiver.close());

async function deliver(body: string, secret = SECRET): Promise<number> {
  const timestampSeconds = Math.floor(Date.now() / 1000);
  const message = { id: "evt_1", timestampSeconds, body };
  const response = await fetch(receiver.url, {
    method: "POST",
    body,
    headers: {
      "x-m2m-timestamp": String(timestampSeconds),
      "x-m2m-signature": m2mSignature(secret, message),
      "webhook-id": message.id,
      "webhook-timestamp": String(timestampSeconds),
      "webhook-signature": standardSignature([secret], message),
    },
  });
  return response.status;
}

const BODY = JSON.stringify({ id: "evt_1", event: "link.opened", sequence: 3, userVersion: 2, data: { linkId: "a" } });

test("waits for the wanted webhook, and has it at once when it came before", async () => {
  receiver.trust(SECRET);
  const wanted = { name: "link.opened", matches: ({ data }: Webhook) => "linkId" in data };
  const [waited, status] = await Promise.all([receiver.next(wanted), deliver(BODY)]);
  expect(status).toBe(204);
  expect(waited).toMatchObject({ id: "evt_1", sequence: 3 });
  expect(await receiver.next(wanted)).toEqual(waited);
});

test("a repeated delivery is kept once", async () => {
  receiver.trust(SECRET);
  await deliver(BODY);
  await deliver(BODY);
  expect(receiver.all()).toHaveLength(1);
});

test("before the secret is known a webhook is asked to come again", async () => {
  expect(await deliver(BODY)).toBe(503);
  expect(receiver.all()).toEqual([]);
});

test("a forged webhook is refused, and whoever waits hears of it", async () => {
  receiver.trust(SECRET);
  const refused = expect(receiver.next({ name: "any", matches: () => true })).rejects.toThrow(DemoFailed);
  expect(await deliver(BODY, `whsec_${Buffer.alloc(32, 9).toString("base64")}`)).toBe(400);
  await refused;
});

test("a webhook that breaks its contract is refused", async () => {
  receiver.trust(SECRET);
  const refused = expect(receiver.next({ name: "any", matches: () => true })).rejects.toThrow("it is no JSON");
  expect(await deliver("nonsense")).toBe(400);
  await refused;
});

test("a taken port is told, not waited for", async () => {
  const port = Number(new URL(receiver.url).port);
  await expect(startReceiver({ port, faultOf: () => null })).rejects.toMatchObject({ code: "EADDRINUSE" });
});
