import type { Kafka } from "kafkajs";
import type { Codec } from "../../messaging/codec.ts";
import type { Publisher } from "../../messaging/publisher.ts";
import { type RunningConsumer, runConsumer } from "../../messaging/run-consumer.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Config } from "../../runtime/config.ts";
import type { Check } from "../../runtime/health.ts";
import { newId } from "../../runtime/ids.ts";
import type { Log } from "../../runtime/log.ts";
import type { Metrics } from "../../runtime/metrics.ts";
import type { ParkedMessage } from "../../schemas/generated.ts";
import { topicName } from "../../schemas/topics.ts";
import { liveSecrets, webhookSecrets } from "../../storage/configuration/webhook-secrets.ts";
import { type ClaimedDelivery, createDeliveryStore, type DeliveryStore } from "../../storage/delivery-store.ts";
import { createDeliveryArrivals } from "../../storage/delivery-store-arrivals.ts";
import { createEndpointHealth } from "../../storage/endpoint-health.ts";
import type { Database } from "../../storage/orm.ts";
import { createReplayStore } from "../../storage/replay-store.ts";
import { createSealing } from "../../storage/sealing.ts";
import { admitPartitions } from "./admit-partitions.ts";
import { attemptDelivery } from "./attempt-delivery.ts";
import { createDeliveryWorker, type DeliveryWorker } from "./deliver.ts";
import { createJudgeEndpoints } from "./judge-endpoints.ts";
import { createDeliveryMeasures } from "./measure-deliveries.ts";
import { createPace } from "./pace.ts";
import { createPlan } from "./plan.ts";
import { createResultRecorder } from "./record-results.ts";
import { createReplays } from "./replays.ts";
import { createSender, type Sender } from "./send.ts";

export interface WebhooksDependencies {
  readonly config: Config;
  readonly kafka: Kafka;
  readonly codec: Codec;
  /** For messages that cannot be read. */
  readonly publisher: Pick<Publisher, "publishAll">;
  readonly database: Database;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly clock: Clock;
  readonly onCrash: (error: unknown) => void;
}

/** The webhooks consumer: events come in, deliveries go out. */
export interface Webhooks {
  readonly name: string;
  readonly start: () => Promise<void>;
  /**
   * Takes no events and begins no attempts any more, and waits for the attempts in flight for half the time that the
   * process has to stop. What is not done then is sent again when its lease has ended.
   */
  readonly stop: () => Promise<void>;
  /** For readiness, by name. */
  readonly checks: Readonly<Record<string, Check>>;
}

const NAME = "webhooks";
const HOUR_MS = 3_600_000;
/** A claim outlives the longest attempt by so much: time to write the result. */
const LEASE_MARGIN_MS = 15_000;
/** One lane gets at most this part of the attempts in flight: a receiver that hangs leaves the rest to its neighbours. */
const LANE_SHARE = 1 / 8;

/** Wires the consumer up; nothing connects before `start`. */
export function createWebhooks(dependencies: WebhooksDependencies): Webhooks {
  const { config, kafka, database, metrics, clock } = dependencies;
  const { webhookTimeoutMs: timeoutMs, allowPrivateTargets, shutdownTimeoutMs } = config;
  const sender = createSender({ timeoutMs, allowPrivateTargets, clock, concurrency: config.webhookConcurrency });
  const worker = wireWorker(dependencies, sender);
  const admin = kafka.admin();
  const runner = wirePlan(dependencies, { admin, onKept: worker.wake });
  const store = createDeliveryStore(database);
  const replays = createReplays({
    ...{ store: createReplayStore(database), onKept: worker.wake, clock, random: Math.random },
    log: dependencies.log.child({ consumer: NAME }),
  });
  metrics.beforeScrape({
    name: "deliveries due",
    gauges: [metrics.deliveriesDue, metrics.deliveriesOldestDue],
    read: async () => {
      const { due, oldestMs } = await store.countDue(clock());
      metrics.deliveriesDue.set(due);
      metrics.deliveriesOldestDue.set(oldestMs / 1_000);
    },
  });
  return {
    name: NAME,
    start: async () => {
      await admin.connect();
      await runner.start();
      worker.start();
      replays.start();
    },
    stop: async () => {
      await Promise.all([runner.stop(), replays.stop(), worker.stop(shutdownTimeoutMs / 2)]);
      await Promise.all([sender.stop(), admin.disconnect()]);
    },
    checks: { ...runner.checks, [`${NAME} deliveries`]: worker.check },
  };
}

function wireWorker(dependencies: WebhooksDependencies, sender: Sender): DeliveryWorker {
  const { config, database, metrics, clock } = dependencies;
  const log = dependencies.log.child({ consumer: NAME });
  const random = Math.random;
  const store = createDeliveryStore(database);
  const tools = { sender, secretsOf: createSecretsOf(dependencies), clock, random };
  return createDeliveryWorker({
    ...{ store, clock, random, log },
    attempt: (delivery) => attemptDelivery(delivery, tools),
    recorder: createResultRecorder({ store: { record: recordAndJudge(dependencies, store, log) }, clock, random, log }),
    pace: createPace(clock),
    concurrency: config.webhookConcurrency,
    perLane: Math.max(1, Math.floor(config.webhookConcurrency * LANE_SHARE)),
    leaseMs: config.webhookTimeoutMs + LEASE_MARGIN_MS,
    count: (outcome) => metrics.deliveries.inc({ class: outcome }),
    measures: createDeliveryMeasures(metrics),
  });
}

/** Results that counted are also what endpoints are judged by. */
function recordAndJudge(dependencies: WebhooksDependencies, store: DeliveryStore, log: Log): DeliveryStore["record"] {
  const { config, database, clock, metrics } = dependencies;
  const limits = { afterMs: config.disableAfterHours * HOUR_MS, deliveries: config.disableAfterDeliveries };
  const judge = createJudgeEndpoints({ health: createEndpointHealth(database), limits, clock, log, metrics });
  return async (results) => {
    const counted = await store.record(results);
    await judge(results.filter(({ deliveryId }) => counted.has(deliveryId)));
    return counted;
  };
}

/** An endpoint's secrets come with the claim, and so do a partner's; the partner's first one is made when it is needed. */
function createSecretsOf({ config, database, clock }: WebhooksDependencies) {
  const sealing = createSealing(config.serverSecret);
  return async ({ sealedSecrets, partner, environment }: ClaimedDelivery): Promise<readonly string[]> => {
    const moment = { sealing, now: new Date(clock()).toISOString() };
    if (sealedSecrets.length > 0) return liveSecrets(sealedSecrets, moment);
    return webhookSecrets(database.em(), { partner, environment }, moment);
  };
}

interface PlanWiring {
  readonly admin: ReturnType<Kafka["admin"]>;
  readonly onKept: () => void;
}

function wirePlan(dependencies: WebhooksDependencies, { admin, onKept }: PlanWiring): RunningConsumer {
  const { config, kafka, codec, publisher, database, metrics, log, clock, onCrash } = dependencies;
  const topic = topicName(config.topicPrefix, "userEvents");
  const plan = createPlan({
    admit: (partitions) => admitPartitions(partitions, { topic, admin, database }),
    arrivals: createDeliveryArrivals(database),
    park: async (messages) => {
      await publisher.publishAll(messages.map(toOutgoing));
      for (const { reason } of messages) metrics.parked.inc({ consumer: NAME, reason });
    },
    ...{ codec, onKept, clock, newId },
    log: log.child({ consumer: NAME }),
  });
  return runConsumer({
    ...{ kafka, name: NAME, metrics, log, clock, onCrash },
    groupId: `${config.groupPrefix}${NAME}`,
    topics: [topic],
    partitionsConsumedConcurrently: config.partitionsConsumedConcurrently,
    sessionTimeoutMs: config.sessionTimeoutMs,
    rebalanceTimeoutMs: config.rebalanceTimeoutMs,
    heartbeatIntervalMs: config.heartbeatIntervalMs,
    onAssigned: plan.onAssigned,
    onBatch: plan.onBatch,
  });
}

function toOutgoing(value: ParkedMessage) {
  const { topic, partition, offset, key } = value.original;
  const headers = { messageId: `${topic}/${partition}/${offset}`, type: "parked", occurredAt: value.parkedAt };
  return { topic: "parked", key, value, headers } as const;
}
