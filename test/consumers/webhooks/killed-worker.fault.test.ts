import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "../../../stack/ports.ts";
import { type RunningProcess, spawnProcess } from "../../support/process.ts";
import { until } from "../../support/until.ts";
import { startWebhookReceiver, type WebhookReceiver } from "../../support/webhook-receiver.ts";
import { eventsOfUser } from "./event-samples.ts";
import { createEventStage, type EventStage } from "./event-stage.ts";
import { createStage, type Stage } from "./stage.ts";

const EVENTS = 400;
const CONCURRENCY = 16;

let stage: Stage;
let events: EventStage;
let receiver: WebhookReceiver;

beforeAll(async () => {
  stage = await createStage();
  events = await createEventStage(stage);
  receiver = await startWebhookReceiver();
});

afterAll(async () => {
  await receiver.stop();
  await events.stop();
  await stage.stop();
});

async function startProcess(): Promise<RunningProcess> {
  const port = await freePort();
  const own = {
    CONSUMERS_HOST: "127.0.0.1",
    CONSUMERS_PORT: String(port),
    WEBHOOK_CONCURRENCY: String(CONCURRENCY),
    SESSION_TIMEOUT_MS: "6000",
    REBALANCE_TIMEOUT_MS: "6000",
    HEARTBEAT_INTERVAL_MS: "1000",
    LOCK_TIMEOUT_MS: "4000",
    STATEMENT_TIMEOUT_MS: "4000",
    IDLE_IN_TRANSACTION_TIMEOUT_MS: "4000",
  };
  const environment = { ...process.env, ...events.environment, ...own } as Record<string, string>;
  const readyUrl = `http://127.0.0.1:${port}/health/ready`;
  return spawnProcess({ args: ["consumers/main.ts", "webhooks"], environment, readyUrl });
}

test("bars 4 and 5 a worker killed in the middle loses nothing, and sends again only what it had in flight", async () => {
  await stage.addEndpoint({ url: `${receiver.url}/first` });
  await stage.addEndpoint({ url: `${receiver.url}/second` });
  receiver.reply((response) => void setTimeout(() => response.writeHead(200).end(), 20));
  const first = await startProcess();
  const users = Array.from({ length: 20 }, (_, index) => eventsOfUser(`ref-${index}`));
  const published = Array.from({ length: EVENTS }, (_, index) => users[index % users.length]!.stateChanged());
  const publishing = events.publish(published);
  await receiver.until((received) => received.length >= EVENTS / 2);
  await first.kill();
  await publishing;

  const second = await startProcess();
  const delivered = async () => {
    const rows = await stage.rows<{ n: string }>(
      "select count(*) n from webhook_deliveries where status = 'delivered'",
    );
    return Number(rows[0]?.n) === EVENTS * 2;
  };
  // What the killed one had in flight waits for its lease first, which lasts 15 s longer than an attempt.
  await until("everything is delivered", delivered, 90_000);
  await second.stop();

  const seen = receiver.received.map(({ path, headers }) => `${path} ${headers["webhook-id"]}`);
  const expected = published.flatMap(({ eventId }) => [`/first ${eventId}`, `/second ${eventId}`]);
  expect([...new Set(seen)].sort()).toEqual(expected.sort());
  const duplicates = seen.length - expected.length;
  expect(duplicates).toBeLessThanOrEqual(CONCURRENCY);
}, 180_000);
