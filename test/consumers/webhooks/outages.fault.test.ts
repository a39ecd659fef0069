import { afterEach, beforeEach, expect, test } from "vitest";
import { createLog } from "../../../runtime/log.ts";
import { startPrivateKafka, startPrivatePostgres } from "../../support/private-services.ts";
import { until } from "../../support/until.ts";
import { answerWith, hang, startWebhookReceiver, type WebhookReceiver } from "../../support/webhook-receiver.ts";
import { eventsOfUser } from "./event-samples.ts";
import { createEventStage, type EventStage, type StagedConsumer } from "./event-stage.ts";
import { createStage, type Stage } from "./stage.ts";

const OUTAGE_MS = 8_000;
const RECOVERY_MS = 10_000;

let receiver: WebhookReceiver;
let ending: (() => Promise<void>)[];
let lines: string[];

beforeEach(async () => {
  ending = [];
  lines = [];
  receiver = await startWebhookReceiver();
  ending.push(receiver.stop);
});

afterEach(async () => {
  for (const end of ending.reverse()) await end();
});

const log = () =>
  createLog({ level: "warn", component: "test", destination: { write: (line) => void lines.push(line) } });

/** An outage lasts a while by its nature: nothing happens that could be waited for. */
const last = (durationMs: number) => {
  const end = Date.now() + durationMs;
  return until(`${durationMs} ms are over`, async () => Date.now() >= end);
};

const idsOf = ({ received }: WebhookReceiver) => received.map(({ headers }) => headers["webhook-id"]);

/** The group waits for a member that it has lost for as long as its session lasts: 30 s by default, here 6 s. */
const SHORT_SESSION = {
  SESSION_TIMEOUT_MS: "6000",
  REBALANCE_TIMEOUT_MS: "6000",
  HEARTBEAT_INTERVAL_MS: "1000",
  LOCK_TIMEOUT_MS: "4000",
  STATEMENT_TIMEOUT_MS: "4000",
  IDLE_IN_TRANSACTION_TIMEOUT_MS: "4000",
};

async function startConsumer(events: EventStage): Promise<StagedConsumer> {
  const consumer = events.createConsumer({ log: log(), environment: SHORT_SESSION });
  await consumer.start();
  ending.push(consumer.stop);
  return consumer;
}

async function begin(own: {
  databaseUrl?: string;
  kafkaBrokers?: string;
}): Promise<{ stage: Stage; events: EventStage }> {
  const stage = await createStage(own.databaseUrl === undefined ? {} : { databaseUrl: own.databaseUrl });
  ending.push(stage.stop);
  const events = await createEventStage(
    stage,
    own.kafkaBrokers === undefined ? {} : { kafkaBrokers: own.kafkaBrokers },
  );
  ending.push(events.stop);
  return { stage, events };
}

test("bar 6 Postgres away: nothing is lost or sent twice, no hot loop, everything goes on by itself within 10 s", async () => {
  let postgres = await startPrivatePostgres();
  ending.push(() => postgres.stop());
  const { stage, events } = await begin({ databaseUrl: postgres.url("m2m") });
  const consumer = await startConsumer(events);
  let hasCrashed = false;
  void consumer.crashed.then(() => {
    hasCrashed = true;
  });
  await stage.addEndpoint({ url: `${receiver.url}/hooks` });
  const user = eventsOfUser("ref-postgres");
  const { promise: mayAnswer, resolve: answer } = Promise.withResolvers<void>();
  receiver.reply((response) => void mayAnswer.then(() => response.writeHead(200).end()));
  const before = user.stateChanged();
  await events.publish([before]);
  await receiver.until((received) => received.length === 1);
  // Arrivals do not wait for the disk: what a crash takes of them is sent again (bars 4 and 5). This one has got there.
  await until("its arrival is on the disk", async () => {
    const [wal] = await stage.rows<{ isOnDisk: boolean }>(
      'select pg_current_wal_flush_lsn() >= pg_current_wal_insert_lsn() as "isOnDisk"',
    );
    return wal?.isOnDisk === true;
  });

  await postgres.kill();
  // The answer arrives while there is nobody to write it down.
  answer();
  receiver.reply(answerWith(200));
  const during = Array.from({ length: 20 }, () => user.stateChanged());
  await events.publish(during);
  lines.length = 0;
  await last(OUTAGE_MS);
  expect(idsOf(receiver)).toEqual([before.eventId]);
  // Three loops: events, due deliveries, results; each at most one line per second.
  expect(lines.length).toBeLessThanOrEqual((3 * OUTAGE_MS) / 1_000);

  postgres = await startPrivatePostgres(postgres);
  await until("Postgres answers", () =>
    stage.rows("select 1").then(
      () => true,
      () => false,
    ),
  );
  await receiver.until((received) => received.length >= 21, RECOVERY_MS);
  await until("all are delivered", async () => {
    const rows = await stage.rows("select 1 from webhook_deliveries where status = 'delivered'").catch(() => []);
    return rows.length === 21;
  });
  expect(idsOf(receiver).sort()).toEqual([before, ...during].map(({ eventId }) => eventId).sort());
  expect(hasCrashed).toBe(false);
});

test("bar 6 Kafka away: what waits is delivered all the same, and new events come as soon as it is back", async () => {
  let kafka = await startPrivateKafka();
  ending.push(() => kafka.stop());
  const { stage, events } = await begin({ kafkaBrokers: `127.0.0.1:${kafka.port}` });
  const consumer = await startConsumer(events);
  let hasCrashed = false;
  void consumer.crashed.then(() => {
    hasCrashed = true;
  });
  await stage.addEndpoint({ url: `${receiver.url}/hooks`, schedule: [2_000] });
  const user = eventsOfUser("ref-kafka");
  receiver.reply(answerWith(503));
  const waiting = user.stateChanged();
  await events.publish([waiting]);
  await receiver.until((received) => received.length === 1);

  await kafka.kill();
  receiver.reply(answerWith(200));
  await receiver.until((received) => received.length === 2, OUTAGE_MS);
  await last(OUTAGE_MS);
  kafka = await startPrivateKafka(kafka);
  const after = user.stateChanged();
  await until("an event can be published again", () =>
    events.publish([after]).then(
      () => true,
      () => false,
    ),
  );
  await receiver.until((received) => received.length === 3, RECOVERY_MS * 2);
  expect(idsOf(receiver)).toEqual([waiting.eventId, waiting.eventId, after.eventId]);
  expect(hasCrashed).toBe(false);
});

test("a receiver that hangs for ever does not keep the consumer from stopping", async () => {
  const { stage, events } = await begin({});
  const consumer = events.createConsumer({
    environment: {
      WEBHOOK_TIMEOUT_MS: "60000",
      SHUTDOWN_TIMEOUT_MS: "2000",
      DECISION_TIMEOUT_MS: "1000",
      PRODUCE_TIMEOUT_MS: "500",
    },
  });
  await consumer.start();
  await stage.addEndpoint({ url: `${receiver.url}/hangs` });
  receiver.reply(hang);
  await events.publish([eventsOfUser("ref-stop").stateChanged()]);
  await receiver.until((received) => received.length === 1);
  const startedMs = Date.now();
  await consumer.stop();
  // Half of what the attempt may last.
  expect(Date.now() - startedMs).toBeLessThan(30_000);
  const [row] = await stage.rows("select status, attempts from webhook_deliveries");
  expect(row).toEqual({ status: "delivering", attempts: 0 });
});
