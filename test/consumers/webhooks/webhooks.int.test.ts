import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { newId } from "../../../runtime/ids.ts";
import { changeEndpoint } from "../../../storage/configuration/webhook-endpoint-changes.ts";
import { findEndpoint } from "../../../storage/configuration/webhook-endpoints.ts";
import { webhookSecrets } from "../../../storage/configuration/webhook-secrets.ts";
import { listWebhookDeliveries } from "../../../storage/queries/webhook-deliveries.ts";
import { until } from "../../support/until.ts";
import {
  answerWith,
  signaturesOf,
  startWebhookReceiver,
  type WebhookReceiver,
} from "../../support/webhook-receiver.ts";
import { eventsOfUser } from "./event-samples.ts";
import { createEventStage, type EventStage, type StagedConsumer } from "./event-stage.ts";
import { createStage, PARTNER, SCOPE, type Stage } from "./stage.ts";

let stage: Stage;
let events: EventStage;
let receiver: WebhookReceiver;
let consumer: StagedConsumer;

beforeAll(async () => {
  stage = await createStage();
  events = await createEventStage(stage);
  // Nobody listens there: bar 7.
  consumer = events.createConsumer({ environment: { REDIS_URL: "redis://127.0.0.1:1" } });
  await consumer.start();
});

afterAll(async () => {
  await consumer.stop();
  await events.stop();
  await stage.stop();
});

beforeEach(async () => {
  receiver = await startWebhookReceiver();
});

afterEach(async () => {
  await stage.rows("update webhook_endpoints set deleted_at = now()");
  await receiver.stop();
});

const list = async (endpointId: string | null = null) => {
  const search = { endpointId, status: null, event: null, cursor: null, limit: 100 };
  return (await listWebhookDeliveries(stage.database.em(), SCOPE, search))!.items;
};
const pathsOf = (receiver: WebhookReceiver) => receiver.received.map(({ path }) => path);

test("an event in the topic reaches its endpoint, signed both ways", async () => {
  const { secret } = await stage.addEndpoint({ url: `${receiver.url}/hooks` });
  const event = eventsOfUser("ref-delivered").stateChanged();
  await events.publish([event]);
  const [webhook] = await receiver.until((received) => received.length === 1);
  expect(JSON.parse(webhook!.body)).toEqual({
    id: event.eventId,
    event: event.type,
    timestamp: event.at,
    sequence: 1,
    userVersion: 1,
    data: event.data,
  });
  expect(signaturesOf(webhook!, secret)).toEqual({ isM2mValid: true, isStandardValid: true });
});

test("H6 a receiver that keeps failing gets five attempts, then the delivery has failed and is listed with them", async () => {
  const { endpointId } = await stage.addEndpoint({ url: `${receiver.url}/fails`, schedule: [10, 20, 30, 40] });
  receiver.reply(answerWith(502, { body: "bad gateway" }));
  await events.publish([eventsOfUser("ref-fails").stateChanged()]);
  await until("the delivery has failed", async () => (await list(endpointId))[0]?.status === "failed");
  const [delivery] = await list(endpointId);
  const attempt = { status: 502, answer: "bad gateway", error: "http_5xx" };
  expect(delivery?.attempts).toMatchObject([1, 2, 3, 4, 5].map((number) => ({ number, ...attempt })));
  expect(receiver.received.map(({ headers }) => headers["x-m2m-attempt"])).toEqual(["1", "2", "3", "4", "5"]);
});

test("H5 a link's own events go to its callbackUrl instead of the endpoints, its user's events to the endpoints", async () => {
  const { secret } = await stage.addEndpoint({ url: `${receiver.url}/endpoint` });
  const [withCallback, without] = [newId("link", PARTNER), newId("link", PARTNER)];
  await stage.addLink({ linkId: withCallback, callbackUrl: `${receiver.url}/callback` });
  await stage.addLink({ linkId: without, callbackUrl: null });
  const user = eventsOfUser("ref-callback");
  await events.publish([user.linkProgressed(withCallback), user.linkProgressed(without), user.stateChanged()]);
  await receiver.until((received) => received.length === 3);
  expect(pathsOf(receiver).sort()).toEqual(["/callback", "/endpoint", "/endpoint"]);
  const moment = { sealing: stage.sealing, now: new Date().toISOString() };
  const [own] = await webhookSecrets(stage.database.em(), SCOPE, moment);
  for (const webhook of receiver.received) {
    const key = webhook.path === "/callback" ? own! : secret;
    expect(signaturesOf(webhook, key)).toEqual({ isM2mValid: true, isStandardValid: true });
  }
});

test("bar 7 a delivery and its schedule survive without anything in Redis", async () => {
  const { endpointId } = await stage.addEndpoint({ url: `${receiver.url}/no-redis`, schedule: [50] });
  receiver.reply(
    (response, { headers }) => void response.writeHead(headers["x-m2m-attempt"] === "1" ? 500 : 200).end(),
  );
  await events.publish([eventsOfUser("ref-redis").stateChanged()]);
  await until("it is delivered", async () => (await list(endpointId))[0]?.status === "delivered");
  expect((await list(endpointId))[0]?.attempts).toHaveLength(2);
});

test("an event that Kafka has twice is delivered once", async () => {
  await stage.addEndpoint({ url: `${receiver.url}/once` });
  const user = eventsOfUser("ref-twice");
  const [first, second, last] = [user.stateChanged(), user.stateChanged(), user.stateChanged()];
  await events.publish([first, second, first, second, first]);
  await events.publish([second, first, last]);
  await receiver.until((received) => received.some(({ headers }) => headers["webhook-id"] === last.eventId));
  await until("everything is delivered", async () => (await list()).every(({ status }) => status !== "pending"));
  const ids = receiver.received.map(({ headers }) => headers["webhook-id"]);
  expect(ids.sort()).toEqual([first, second, last].map(({ eventId }) => eventId).sort());
});

test("bar 4 arrivals that a crash of Postgres has taken come again, though nothing new comes", async () => {
  const { endpointId } = await stage.addEndpoint({ url: `${receiver.url}/lost` });
  const user = eventsOfUser("ref-lost");
  const taken = [user.stateChanged(), user.stateChanged()];
  const before = await stage.rows("select partition, next_offset from consumer_progress where topic = $1", [
    events.topic,
  ]);
  await events.publish(taken);
  await receiver.until((received) => received.length === taken.length);
  await until("both are delivered", async () => (await list(endpointId)).every(({ status }) => status === "delivered"));
  // As if the commits of the last moments had not reached the disk: deliveries and offsets alike are gone.
  const deliveryIds = (await list(endpointId)).map(({ deliveryId }) => deliveryId);
  await stage.rows(
    `with gone as (delete from webhook_deliveries where delivery_id = any($1))
     update consumer_progress set next_offset = was.next_offset
     from json_to_recordset($3::json) as was(partition int, next_offset bigint)
     where topic = $2 and consumer_progress.partition = was.partition`,
    [deliveryIds, events.topic, JSON.stringify(before)],
  );
  await receiver.until((received) => received.length === 2 * taken.length);
  const ids = receiver.received.map(({ headers }) => headers["webhook-id"]);
  expect(ids.slice(taken.length).sort()).toEqual(taken.map(({ eventId }) => eventId).sort());
});

test("an endpoint gets what it subscribed to; what is only for the record goes to nobody", async () => {
  await stage.addEndpoint({ url: `${receiver.url}/states`, events: ["user.state_changed"] });
  await stage.addEndpoint({ url: `${receiver.url}/links`, events: ["link.in_progress"] });
  await stage.addEndpoint({ url: `${receiver.url}/all` });
  const linkId = newId("link", PARTNER);
  await stage.addLink({ linkId, callbackUrl: null });
  const user = eventsOfUser("ref-filter");
  await events.publish([user.resultRecorded(), user.stateChanged(), user.linkProgressed(linkId)]);
  await receiver.until((received) => received.length === 4);
  expect(pathsOf(receiver).sort()).toEqual(["/all", "/all", "/links", "/states"]);
});

test("a poison message is parked with its bytes, and the events around it are delivered", async () => {
  await stage.addEndpoint({ url: `${receiver.url}/around` });
  const user = eventsOfUser("ref-poison");
  const [before, after] = [user.stateChanged(), user.stateChanged()];
  // No schema forbids it; a column of the deliveries does.
  const tooLarge = { ...user.stateChanged(), sequence: 2 ** 40 };
  await events.publish([before]);
  await events.publishRaw(Buffer.from("not an event"), `${PARTNER}/test/ref-poison`);
  await events.publish([tooLarge, after]);
  await receiver.until((received) => received.length === 2);
  const ids = receiver.received.map(({ headers }) => headers["webhook-id"]);
  expect(ids.sort()).toEqual([before.eventId, after.eventId].sort());
  expect(await events.parked(2)).toEqual([
    expect.objectContaining({
      reason: "not_in_schema",
      consumer: "webhooks",
      rawBase64: Buffer.from("not an event").toString("base64"),
    }),
    expect.objectContaining({ reason: "not_deliverable", consumer: "webhooks" }),
  ]);
});

describe("metrics and health", () => {
  test("count attempts by what they came to, and show what is due", async () => {
    await stage.addEndpoint({ url: `${receiver.url}/counted` });
    await events.publish([eventsOfUser("ref-metrics").stateChanged()]);
    await receiver.until((received) => received.length === 1);
    await until("it is counted", async () =>
      /m2m_deliveries_total\{class="delivered"/.test(await consumer.metrics.text()),
    );
    expect(await consumer.metrics.text()).toMatch(/m2m_deliveries_due\{[^}]*\} 0/);
  });

  test("bar 15 one scrape has them all: attempts, what is due and since when, times, lease ends, duplicates", async () => {
    await stage.addEndpoint({ url: `${receiver.url}/scraped` });
    await events.publish([eventsOfUser("ref-scraped").stateChanged()]);
    await receiver.until((received) => received.length === 1);
    const sampleOf = async (name: string) =>
      Number(new RegExp(`^${name}\\{[^}]*\\} (\\S+)$`, "m").exec(await consumer.metrics.text())?.[1]);
    await until("it is told", async () => (await sampleOf("m2m_delivery_delivered_seconds_count")) > 0);
    expect(await sampleOf("m2m_delivery_first_attempt_seconds_count")).toBeGreaterThan(0);
    expect(await sampleOf("m2m_delivery_first_attempt_seconds_sum")).toBeGreaterThan(0);
    expect(await sampleOf("m2m_deliveries_due")).toBe(0);
    expect(await sampleOf("m2m_deliveries_oldest_due_seconds")).toBe(0);
    expect(await sampleOf("m2m_delivery_lease_expiries_total")).toBe(0);
    expect(await sampleOf("m2m_delivery_duplicates_total")).toBe(0);
    expect(await consumer.metrics.text()).toMatch(/m2m_deliveries_total\{class="delivered"/);
  });

  test("all checks are well while it runs", async () => {
    const results = await Promise.all(
      Object.entries(consumer.checks).map(async ([name, check]) => [name, (await check()).ok]),
    );
    expect(Object.fromEntries(results)).toEqual({
      "webhooks polling": true,
      "webhooks partitions": true,
      "webhooks deliveries": true,
    });
  });
});

test("bar 9 410 disables an endpoint at once, with the reason; enabled again, what waited goes on", async () => {
  const { endpointId } = await stage.addEndpoint({ url: `${receiver.url}/gone`, schedule: [10, 20] });
  receiver.reply(answerWith(410));
  await events.publish([eventsOfUser("ref-gone").stateChanged()]);
  const find = () => findEndpoint(stage.database.em(), SCOPE, endpointId);
  await until("it is disabled", async () => (await find())?.status === "disabled");
  expect((await find())?.disabledReason).toMatch(/^It answered 410 at .* PATCH it with status enabled/);
  await until("its delivery is parked", async () => (await list(endpointId))[0]?.status === "parked");
  expect(receiver.received).toHaveLength(1);
  receiver.reply(answerWith(200));
  const enabled = { changes: { status: "enabled" }, now: new Date().toISOString() } as const;
  await stage.database.em().transactional((unit) => changeEndpoint(unit, { scope: SCOPE, endpointId }, enabled));
  await until("it is delivered", async () => (await list(endpointId))[0]?.status === "delivered");
  expect(await find()).toMatchObject({ status: "enabled", disabledReason: null, failingSince: null });
});
