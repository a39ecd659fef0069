import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { newSecret, sealSecret, webhookSecrets } from "../../../storage/configuration/webhook-secrets.ts";
import { createSealing } from "../../../storage/sealing.ts";
import { until } from "../../support/until.ts";
import {
  answerWith,
  hang,
  type ReceivedWebhook,
  signaturesOf,
  startWebhookReceiver,
  type WebhookReceiver,
} from "../../support/webhook-receiver.ts";
import { createStage, keepDeliveries, SCOPE, type Stage, toEndpoint } from "./stage.ts";
import { type StartedWorker, startWorker, type WorkerOptions } from "./start-worker.ts";

let stage: Stage;
let receiver: WebhookReceiver;
let worker: StartedWorker | undefined;

beforeAll(async () => {
  stage = await createStage();
});

afterAll(() => stage.stop());

beforeEach(async () => {
  receiver = await startWebhookReceiver();
});

afterEach(async () => {
  await worker?.end(0);
  worker = undefined;
  await receiver.stop();
  await stage.rows("delete from webhook_deliveries");
});

const start = (options: WorkerOptions = {}, own: Partial<Stage> = {}) => {
  worker = startWorker({ ...stage, ...own }, options);
  return worker;
};

const endpointAt = async (path: string, schedule: readonly number[] | null = null) => {
  const url = `${receiver.url}${path}`;
  return { ...(await stage.addEndpoint({ url, schedule })), url };
};

interface DeliveryState {
  readonly status: string;
  readonly attempts: number;
  readonly last_status: number | null;
  readonly last_error_class: string | null;
}

const stateOf = async (deliveryId: string) => {
  const sql = "select status, attempts, last_status, last_error_class from webhook_deliveries where delivery_id = $1";
  const [state] = await stage.rows<DeliveryState>(sql, [deliveryId]);
  return state!;
};

const untilStatus = (deliveryId: string, status: string) =>
  until(`the delivery is ${status}`, async () => (await stateOf(deliveryId)).status === status, 20_000);

const attemptNumbers = (received: readonly ReceivedWebhook[]) =>
  received.map(({ headers }) => headers["x-m2m-attempt"]);

describe("a delivery", () => {
  test("H1 arrives with the documented headers and both signatures", async () => {
    const { endpointId, secret, url } = await endpointAt("/hooks");
    const delivery = toEndpoint(endpointId, { url, eventType: "user.data_request", sequence: 7 });
    await keepDeliveries(stage, [delivery]);
    const startedAtSeconds = Math.floor(Date.now() / 1_000);
    start();
    const [webhook] = await receiver.until((received) => received.length === 1);
    expect(webhook).toMatchObject({ path: "/hooks", body: delivery.body });
    expect(webhook?.headers).toMatchObject({
      "content-type": "application/json",
      "x-m2m-event": "user.data_request",
      "x-m2m-attempt": "1",
      "x-m2m-sequence": "7",
      "webhook-id": delivery.eventId,
    });
    expect(Number(webhook?.headers["x-m2m-timestamp"])).toBeGreaterThanOrEqual(startedAtSeconds);
    expect(webhook?.headers["webhook-timestamp"]).toBe(webhook?.headers["x-m2m-timestamp"]);
    expect(signaturesOf(webhook!, secret)).toEqual({ isM2mValid: true, isStandardValid: true });
    await untilStatus(delivery.deliveryId, "delivered");
    // The worker counts when it hears that the result is written, which is later than others can see it.
    await until("it is counted", async () => worker?.counts["delivered"] === 1);
    expect(worker?.counts).toEqual({ delivered: 1 });
  });

  test("to a callbackUrl is signed with the partner's webhook secret, which is made when it is needed", async () => {
    const lane = `callback:acme/test/${receiver.url}`;
    const one = (id: string) =>
      toEndpoint("", { receiver: { kind: "link", id }, linkId: id, lane, url: `${receiver.url}/callback` });
    await keepDeliveries(stage, [one("link_1"), one("link_2"), one("link_3")]);
    start();
    const received = await receiver.until((all) => all.length === 3);
    const moment = { sealing: stage.sealing, now: new Date().toISOString() };
    const [secret] = await webhookSecrets(stage.database.em(), SCOPE, moment);
    for (const webhook of received) {
      expect(signaturesOf(webhook, secret!)).toEqual({ isM2mValid: true, isStandardValid: true });
    }
  });

  test("is signed with every live secret; M2M's own signature with the newest", async () => {
    const { endpointId, url, secret: oldest } = await endpointAt("/rotated");
    const [older, newest] = [newSecret(), newSecret()];
    const now = new Date().toISOString();
    const sealed = (secret: string, expiresAt: string | null) => ({
      ...sealSecret(secret, { sealing: stage.sealing, now }),
      expiresAt,
    });
    const later = new Date(Date.now() + 60_000).toISOString();
    const secrets = [sealed(newest, null), sealed(older, later), sealed(oldest, now)];
    await stage.rows("update webhook_endpoints set sealed_secrets = $2 where endpoint_id = $1", [
      endpointId,
      JSON.stringify(secrets),
    ]);
    await keepDeliveries(stage, [toEndpoint(endpointId, { url })]);
    start();
    const [webhook] = await receiver.until((received) => received.length === 1);
    expect(signaturesOf(webhook!, newest)).toEqual({ isM2mValid: true, isStandardValid: true });
    expect(signaturesOf(webhook!, older)).toEqual({ isM2mValid: false, isStandardValid: true });
    expect(signaturesOf(webhook!, oldest)).toEqual({ isM2mValid: false, isStandardValid: false });
  });

  test("that cannot be signed costs its receiver no attempt", async () => {
    const { endpointId, url } = await endpointAt("/sealed");
    const delivery = toEndpoint(endpointId, { url });
    await keepDeliveries(stage, [delivery]);
    start({}, { sealing: createSealing("another server secret, which opens nothing") });
    await until("the attempt was given up", async () => worker?.counts["not_attempted"] === 1);
    expect(await stateOf(delivery.deliveryId)).toMatchObject({ status: "delivering", attempts: 0 });
    expect(receiver.received).toEqual([]);
  });

  test("to an endpoint that was deleted meanwhile fails without being sent", async () => {
    const { endpointId, url } = await endpointAt("/deleted");
    const delivery = toEndpoint(endpointId, { url });
    await keepDeliveries(stage, [delivery]);
    await stage.rows("update webhook_endpoints set deleted_at = now() where endpoint_id = $1", [endpointId]);
    start();
    await untilStatus(delivery.deliveryId, "failed");
    expect(await stateOf(delivery.deliveryId)).toMatchObject({ last_error_class: "receiver_removed", attempts: 1 });
    expect(receiver.received).toEqual([]);
  });
});

describe("a receiver that fails", () => {
  test("H6 gets the endpoint's attempts, five with four delays, the same body each time; then it has failed", async () => {
    const { endpointId, secret, url } = await endpointAt("/fails", [20, 30, 40, 50]);
    receiver.reply(answerWith(500, { body: "sorry" }));
    const delivery = toEndpoint(endpointId, { url });
    await keepDeliveries(stage, [delivery]);
    start();
    await untilStatus(delivery.deliveryId, "failed");
    const { received } = receiver;
    expect(attemptNumbers(received)).toEqual(["1", "2", "3", "4", "5"]);
    expect(new Set(received.map(({ body }) => body))).toEqual(new Set([delivery.body]));
    expect(new Set(received.map(({ headers }) => headers["webhook-id"]))).toEqual(new Set([delivery.eventId]));
    for (const webhook of received) expect(signaturesOf(webhook, secret).isM2mValid).toBe(true);
    const gapsMs = received.slice(1).map(({ receivedAtMs }, index) => receivedAtMs - received[index]!.receivedAtMs);
    expect(gapsMs.map((gap, index) => gap >= [20, 30, 40, 50][index]! - 5)).toEqual([true, true, true, true]);
    expect(await stateOf(delivery.deliveryId)).toMatchObject({ attempts: 5, last_status: 500 });
    await until("all are counted", async () => worker?.counts["http_5xx"] === 5);
    expect(worker?.counts).toEqual({ http_5xx: 5 });
  });

  test("and then recovers gets the event on the next attempt", async () => {
    const { endpointId, url } = await endpointAt("/recovers", [10, 10]);
    receiver.reply(
      (response, { headers }) => void response.writeHead(headers["x-m2m-attempt"] === "2" ? 204 : 503).end(),
    );
    const delivery = toEndpoint(endpointId, { url });
    await keepDeliveries(stage, [delivery]);
    start();
    await untilStatus(delivery.deliveryId, "delivered");
    expect(attemptNumbers(receiver.received)).toEqual(["1", "2"]);
    expect(await stateOf(delivery.deliveryId)).toMatchObject({ attempts: 2, last_status: 204, last_error_class: null });
  });

  test("bar 8 is left alone for as long as its Retry-After asks", async () => {
    const { endpointId, url } = await endpointAt("/busy", [10]);
    receiver.reply(answerWith(503, { headers: { "retry-after": "1" } }));
    await keepDeliveries(stage, [toEndpoint(endpointId, { url })]);
    start();
    const [first, second] = await receiver.until((received) => received.length === 2);
    expect(second!.receivedAtMs - first!.receivedAtMs).toBeGreaterThanOrEqual(995);
  });
});

test("a receiver that hangs holds up no other", async () => {
  const hanging = await endpointAt("/hangs");
  const healthy = await endpointAt("/healthy");
  receiver.reply((response, webhook) => (webhook.path === "/hangs" ? hang : answerWith(200))(response, webhook));
  const stuck = Array.from({ length: 40 }, () =>
    toEndpoint(hanging.endpointId, { url: hanging.url, atMs: Date.now() - 1_000 }),
  );
  const quick = Array.from({ length: 100 }, () => toEndpoint(healthy.endpointId, { url: healthy.url }));
  await keepDeliveries(stage, [...stuck, ...quick]);
  // The hanging attempts outlast the wait for the healthy ones: no slot becomes free by a timeout.
  start({ concurrency: 16, timeoutMs: 60_000 });
  const received = await receiver.until((all) => all.filter(({ path }) => path === "/healthy").length === 100, 25_000);
  expect(received.filter(({ path }) => path === "/hangs").length).toBeLessThanOrEqual(4);
});

describe("a worker that ends", () => {
  test("waits for what is in flight", async () => {
    const { endpointId, url } = await endpointAt("/slow");
    const { promise: mayAnswer, resolve: answer } = Promise.withResolvers<void>();
    receiver.reply((response) => void mayAnswer.then(() => response.writeHead(200).end()));
    const delivery = toEndpoint(endpointId, { url });
    await keepDeliveries(stage, [delivery]);
    const ending = start();
    await receiver.until((received) => received.length === 1);
    const ended = ending.end(10_000);
    answer();
    await ended;
    expect(await stateOf(delivery.deliveryId)).toMatchObject({ status: "delivered" });
  });

  test("leaves what it cannot wait for to its lease, charges the receiver nothing, and another sends it again", async () => {
    const { endpointId, url } = await endpointAt("/slower");
    receiver.reply(hang);
    const delivery = toEndpoint(endpointId, { url });
    await keepDeliveries(stage, [delivery]);
    const ending = start({ leaseMs: 500 });
    await receiver.until((received) => received.length === 1);
    await ending.end(20);
    expect(await stateOf(delivery.deliveryId)).toMatchObject({ status: "delivering", attempts: 0 });
    receiver.reply(answerWith(200));
    start();
    await untilStatus(delivery.deliveryId, "delivered");
    expect(attemptNumbers(receiver.received)).toEqual(["1", "1"]);
  });

  test("killed between claim and result: the same attempt is made again when the lease has ended, not before", async () => {
    const { endpointId, url } = await endpointAt("/killed");
    const delivery = toEndpoint(endpointId, { url });
    await keepDeliveries(stage, [delivery]);
    const leaseMs = 600;
    const nowMs = Date.now();
    const rooms = { first: 1, retry: 1, replay: 1 };
    const one = { limit: 1, rooms, laneRooms: [], otherLanesRoom: 1, inFlight: [] };
    const dead = await stage.store.claim({ nowMs, leaseMs, ...one });
    expect(dead).toHaveLength(1);
    start();
    await untilStatus(delivery.deliveryId, "delivered");
    expect(attemptNumbers(receiver.received)).toEqual(["1"]);
    expect(receiver.received[0]!.receivedAtMs).toBeGreaterThanOrEqual(nowMs + leaseMs);
    expect(await stateOf(delivery.deliveryId)).toMatchObject({ attempts: 1 });
  });
});

test("two workers at once deliver everything exactly once while nobody dies", async () => {
  const { endpointId, url } = await endpointAt("/shared");
  const deliveries = Array.from({ length: 300 }, () => toEndpoint(endpointId, { url }));
  await keepDeliveries(stage, deliveries);
  const other = startWorker(stage);
  start();
  await receiver.until((received) => received.length >= 300);
  await other.end();
  await worker!.end();
  const ids = receiver.received.map(({ headers }) => headers["webhook-id"]);
  expect(ids.sort()).toEqual(deliveries.map(({ eventId }) => eventId).sort());
});

test("deliveries made due while the worker sleeps are sent as soon as it is woken", async () => {
  const { endpointId, url } = await endpointAt("/woken");
  const started = start();
  const latenciesMs: number[] = [];
  for (let sent = 1; sent <= 20; sent += 1) {
    await keepDeliveries(stage, [toEndpoint(endpointId, { url })]);
    const wokenAtMs = Date.now();
    started.wake();
    const received = await receiver.until((all) => all.length === sent);
    latenciesMs.push(received.at(-1)!.receivedAtMs - wokenAtMs);
  }
  // Half of them within half the poll's distance: it was the waking. Each is kept soon after a look, far from the poll.
  expect(latenciesMs.sort((a, b) => a - b)[10]).toBeLessThan(500);
});
