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
import { createQuietLog } from "../../runtime/quiet-log.ts";
import type { ParkedMessage } from "../../schemas/generated.ts";
import { topicName } from "../../schemas/topics.ts";
import { createDeliveryArrivals } from "../../storage/delivery-store-arrivals.ts";
import { createDueHints } from "../../storage/due-hints.ts";
import type { Database } from "../../storage/orm.ts";
import { createReplayStore } from "../../storage/replay-store.ts";
import { admitPartitions } from "./admit-partitions.ts";
import { createEngine, type Engine, LEASE_MS } from "./create-engine.ts";
import { createLostArrivals } from "./lost-arrivals.ts";
import { createPlan } from "./plan.ts";
import { createReplays } from "./replays.ts";
import type { SteadyLoop } from "./steady-loop.ts";

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

/** Wires the consumer up; nothing connects before `start`. */
export function createWebhooks(dependencies: WebhooksDependencies): Webhooks {
  const { config, kafka, database, clock } = dependencies;
  const log = dependencies.log.child({ consumer: NAME });
  const engine = createEngine({ ...dependencies, log });
  const admin = kafka.admin();
  const { runner, lostArrivals } = wirePlan({ ...dependencies, log }, admin, engine);
  const replays = createReplays({
    ...{ store: createReplayStore(database), onKept: engine.worker.wake, clock, random: Math.random, log },
  });
  const hints = createDueHints({
    ...{ databaseUrl: config.databaseUrl, random: Math.random },
    onHint: () => {
      engine.wake();
      replays.wake();
    },
  });
  return {
    name: NAME,
    start: async () => {
      await admin.connect();
      await runner.start();
      engine.start();
      lostArrivals.start();
      replays.start();
      hints.start();
    },
    stop: async () => {
      await Promise.all([runner.stop(), lostArrivals.stop(), replays.stop(), hints.stop()]);
      await Promise.all([engine.stop(config.shutdownTimeoutMs / 2), admin.disconnect()]);
    },
    checks: { ...runner.checks, [`${NAME} deliveries`]: engine.worker.check },
  };
}

function wirePlan(
  dependencies: WebhooksDependencies,
  admin: ReturnType<Kafka["admin"]>,
  { worker, lanes }: Engine,
): { readonly runner: RunningConsumer; readonly lostArrivals: SteadyLoop } {
  const { config, kafka, codec, publisher, database, metrics, log, clock, onCrash } = dependencies;
  const topic = topicName(config.topicPrefix, "userEvents");
  const arrivals = createDeliveryArrivals(database);
  const plan = createPlan({
    admit: (partitions) => admitPartitions(partitions, { topic, admin, database }),
    arrivals,
    park: async (messages) => {
      await publisher.publishAll(messages.map(toOutgoing));
      for (const { reason } of messages) metrics.parked.inc({ consumer: NAME, reason });
    },
    ...{ accept: worker.accept, onQueued: worker.wake, lanes, leaseMs: LEASE_MS },
    ...{ codec, clock, newId, metrics, log },
  });
  const lostArrivals = createLostArrivals({
    ...{ kept: plan.kept, stored: () => arrivals.progress(topic), goBack: plan.goBack },
    ...{ quiet: createQuietLog(log, clock), clock, random: Math.random },
  });
  const runner = runConsumer({
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
  return { runner, lostArrivals };
}

function toOutgoing(value: ParkedMessage) {
  const { topic, partition, offset, key } = value.original;
  const headers = { messageId: `${topic}/${partition}/${offset}`, type: "parked", occurredAt: value.parkedAt };
  return { topic: "parked", key, value, headers } as const;
}
