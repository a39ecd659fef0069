import { afterAll, beforeAll, expect, test } from "vitest";
import { type Behaviour, newMemory, respond } from "../../../bench/webhooks/receiver/behaviour.ts";
import { until } from "../../support/until.ts";
import { startWebhookReceiver, type WebhookReceiver } from "../../support/webhook-receiver.ts";
import { eventsOfUser } from "./event-samples.ts";
import { createEventStage, type EventStage, type StagedConsumer } from "./event-stage.ts";
import { createStage, type Stage } from "./stage.ts";

const TIMEOUT_MS = 3_000;

/** What a receiver does, and what its first attempt comes to; null is delivered. */
const RECEIVERS: readonly (readonly [string, Behaviour, string | null])[] = [
  ["takes it", { kind: "answer", status: 200 }, null],
  ["takes it and says nothing", { kind: "answer", status: 204 }, null],
  ["pours out a body without end", { kind: "endless" }, null],
  ["hangs", { kind: "hang" }, "timeout"],
  ["drips", { kind: "drip", everyMs: 50 }, "timeout"],
  ["closes the connection", { kind: "close" }, "connection_lost"],
  ["redirects", { kind: "redirect", location: "http://127.0.0.1:1/elsewhere" }, "redirect"],
  ["redirects for good", { kind: "redirect", status: 308, location: "http://127.0.0.1:1/elsewhere" }, "redirect"],
  ["has not changed", { kind: "answer", status: 304 }, "redirect"],
  ["is away for good", { kind: "answer", status: 410 }, "gone"],
  ["limits its rate", { kind: "limit", perSecond: 0, retryAfterSeconds: 60 }, "http_4xx"],
  ["fails", { kind: "answer", status: 500 }, "http_5xx"],
  ["answers what no one knows", { kind: "answer", status: 799 }, "http_other"],
];

let stage: Stage;
let events: EventStage;
let receiver: WebhookReceiver;
let consumer: StagedConsumer;

beforeAll(async () => {
  stage = await createStage();
  events = await createEventStage(stage);
  receiver = await startWebhookReceiver();
  consumer = events.createConsumer({ environment: { WEBHOOK_TIMEOUT_MS: String(TIMEOUT_MS) } });
  await consumer.start();
});

afterAll(async () => {
  await receiver.stop();
  await consumer.stop();
  await events.stop();
  await stage.stop();
});

test("bar 9 whatever a receiver does, its attempt ends in time with its class, and no other is asked for it", async () => {
  const classes = new Map<string, string | null>();
  const behaviours = new Map<string, Behaviour>();
  for (const [index, [, behaviour, failureClass]] of RECEIVERS.entries()) {
    const { endpointId } = await stage.addEndpoint({ url: `${receiver.url}/${index}` });
    classes.set(endpointId, failureClass);
    behaviours.set(`/${index}`, behaviour);
  }
  receiver.reply((response, { path }) => respond(behaviours.get(path)!, newMemory(), Date.now()).answer(response));
  await events.publish([eventsOfUser("ref-hostile").stateChanged()]);
  const attempts = () =>
    stage.rows<{ endpoint_id: string; error_class: string | null; duration_ms: number }>(
      "select endpoint_id, error_class, duration_ms from webhook_attempts join webhook_deliveries using (delivery_id)",
    );
  await until("every receiver had its attempt", async () => (await attempts()).length === RECEIVERS.length);
  const made = await attempts();
  expect(new Map(made.map(({ endpoint_id, error_class }) => [endpoint_id, error_class]))).toEqual(classes);
  expect(Math.max(...made.map(({ duration_ms }) => duration_ms))).toBeLessThan(TIMEOUT_MS + 5_000);
  expect(receiver.received.map(({ path }) => path).sort()).toEqual([...behaviours.keys()].sort());
});
