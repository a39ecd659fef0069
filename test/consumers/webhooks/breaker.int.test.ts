import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { until } from "../../support/until.ts";
import { answerWith, startWebhookReceiver, type WebhookReceiver } from "../../support/webhook-receiver.ts";
import { createStage, keepDeliveries, type Stage, toEndpoint } from "./stage.ts";
import { type StartedWorker, startWorker } from "./start-worker.ts";

let stage: Stage;
let receiver: WebhookReceiver;
let worker: StartedWorker;

beforeAll(async () => {
  stage = await createStage();
});

afterAll(() => stage.stop());

beforeEach(async () => {
  receiver = await startWebhookReceiver();
  await stage.rows("delete from webhook_deliveries");
  await stage.rows("delete from webhook_lanes");
  worker = startWorker(stage);
});

afterEach(async () => {
  await worker.end(0);
  await receiver.stop();
});

/** Delays so long that no retry falls into the test. */
const LATER = [600_000, 600_000];
const add = async (path: string) => {
  const url = `${receiver.url}${path}`;
  return { ...(await stage.addEndpoint({ url, schedule: LATER })), url };
};
const send = async ({ endpointId, url }: { endpointId: string; url: string }, count: number) => {
  const deliveries = Array.from({ length: count }, () => toEndpoint(endpointId, { url }));
  await keepDeliveries(stage, deliveries);
  worker.wake();
  return deliveries;
};
const counts = async () => {
  const rows = await stage.rows<{ status: string; attempts: number; count: number }>(
    "select status, attempts, count(*)::int from webhook_deliveries group by 1, 2 order by 1, 2",
  );
  return Object.fromEntries(rows.map(({ status, attempts, count }) => [`${status} ${attempts}`, count]));
};
const stateOf = async () =>
  (await stage.rows<{ state: string }>("select state from webhook_lanes")).map(({ state }) => state);

test("bar 11 a receiver that is away costs five attempts; what comes is parked, one probe asks, and all of it is delivered", async () => {
  const endpoint = await add("/hooks");
  receiver.reply(answerWith(503));
  await send(endpoint, 5);
  await until("its lane is open", async () => (await stateOf())[0] === "open");
  expect(receiver.received).toHaveLength(5);
  await send(endpoint, 40);
  await until("a probe has failed", async () => receiver.received.length >= 6);
  await until("it is parked again", async () => (await counts())["parked 0"] === 40);
  receiver.reply(answerWith(200));
  await until("all of it is delivered", async () => (await counts())["delivered 1"] === 40, 20_000);
  expect(await counts()).toEqual({ "delivered 1": 40, "pending 1": 5 });
  await until("the lane flows", async () => (await stateOf()).length === 0);
  await until("all are counted", async () => worker.counts["delivered"] === 40);
  // On a slow machine more than one probe may have come before the receiver was back.
  expect(worker.counts).toEqual({ http_5xx: receiver.received.length - 40, delivered: 40 });
  const [firstProbe, next] = receiver.received.slice(5).map(({ receivedAtMs }) => receivedAtMs);
  // One probe asks: after it has failed the lane rests for 2 s.
  expect(Number(next) - Number(firstProbe)).toBeGreaterThanOrEqual(2_000);
});

test("bar 11 a receiver that refuses an event is there: nothing is parked for it", async () => {
  const endpoint = await add("/hooks");
  receiver.reply((response, webhook) => answerWith(webhook.body.includes("bad") ? 400 : 200)(response, webhook));
  const bad = Array.from({ length: 12 }, () => toEndpoint(endpoint.endpointId, { url: endpoint.url, body: '"bad"' }));
  await keepDeliveries(stage, bad);
  await send(endpoint, 3);
  await until("the others are delivered", async () => (await counts())["delivered 1"] === 3);
  await until("the bad ones were tried", async () => (await counts())["pending 1"] === 12);
  expect(await stateOf()).toEqual([]);
});

test("bar 1 an open lane delays no other", async () => {
  const [dead, well] = [await add("/dead"), await add("/well")];
  receiver.reply((response, webhook) => answerWith(webhook.path === "/dead" ? 503 : 200)(response, webhook));
  await send(dead, 50);
  await until("its lane is open", async () => (await stateOf())[0] === "open");
  await send(well, 50);
  await until("the others are delivered", async () => (await counts())["delivered 1"] === 50);
  const toDead = receiver.received.filter(({ path }) => path === "/dead").length;
  expect(toDead).toBeLessThanOrEqual(20);
});
