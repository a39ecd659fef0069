import { randomBytes } from "node:crypto";
import { inject } from "vitest";
import { createWebhooks, type Webhooks } from "../../../consumers/webhooks/create-webhooks.ts";
import { addressKey } from "../../../domain/user/address-key.ts";
import { createCodec } from "../../../messaging/codec.ts";
import { createKafka } from "../../../messaging/kafka.ts";
import { createPublisher, type OutgoingMessage } from "../../../messaging/publisher.ts";
import { registerSchemas } from "../../../messaging/register-schemas.ts";
import { createTopics } from "../../../messaging/topics.ts";
import { systemClock } from "../../../runtime/clock.ts";
import { loadConfig } from "../../../runtime/config.ts";
import type { Log } from "../../../runtime/log.ts";
import { createMetrics } from "../../../runtime/metrics.ts";
import type { UserEventMessage } from "../../../schemas/generated.ts";
import { topicName } from "../../../schemas/topics.ts";
import type { StackAddresses } from "../../../stack/stack-contract.ts";
import { SERVER_SECRET, type Stage, silent } from "./stage.ts";

/** Topics of a test file's own, and the webhooks consumer on them. */
export interface EventStage {
  readonly topic: string;
  /** What a process needs to work here. */
  readonly environment: Readonly<Record<string, string>>;
  readonly publish: (events: readonly UserEventMessage[]) => Promise<void>;
  /** Puts bytes into the topic as they are. */
  readonly publishRaw: (value: Buffer, key: string) => Promise<void>;
  readonly createConsumer: (options?: ConsumerOptions) => StagedConsumer;
  /** Every value in m2m.parked so far, at least so many. */
  readonly parked: (atLeast: number) => Promise<readonly unknown[]>;
  readonly stop: () => Promise<void>;
}

export interface ConsumerOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly log?: Log;
}

export interface StagedConsumer extends Webhooks {
  readonly metrics: ReturnType<typeof createMetrics>;
  /** The error that would have ended the process. */
  readonly crashed: Promise<unknown>;
}

export async function createEventStage(stage: Stage, own: Partial<StackAddresses> = {}): Promise<EventStage> {
  const services = { ...inject("stack"), ...own };
  const prefix = `wh${randomBytes(5).toString("hex")}.`;
  const brokers = services.kafkaBrokers.split(",");
  await createTopics({ brokers, prefix, partitions: 3 });
  await registerSchemas({ registryUrl: services.schemaRegistryUrl, prefix });
  const kafka = createKafka({ brokers, clientId: "webhooks-test", log: silent });
  const codec = createCodec({ registryUrl: services.schemaRegistryUrl, prefix });
  const publisher = createPublisher({ kafka, codec, prefix, ackTimeoutMs: 20_000, log: silent });
  await publisher.start();
  const topic = topicName(prefix, "userEvents");

  const environment = {
    DATABASE_URL: stage.databaseUrl,
    REDIS_URL: services.redisUrl,
    KAFKA_BROKERS: services.kafkaBrokers,
    SCHEMA_REGISTRY_URL: services.schemaRegistryUrl,
    TOPIC_PREFIX: prefix,
    GROUP_PREFIX: prefix,
    SERVER_SECRET,
    ALLOW_PRIVATE_TARGETS: "true",
    WEBHOOK_TIMEOUT_MS: "5000",
  };
  return {
    topic,
    environment,
    publish: (events) => publisher.publishAll(events.map(toOutgoing)),
    publishRaw: async (value, key) => {
      const producer = kafka.producer();
      await producer.connect();
      await producer.send({ topic, acks: -1, messages: [{ key, value }] });
      await producer.disconnect();
    },
    createConsumer: ({ environment: changes = {}, log = silent } = {}) => {
      const { promise: crashed, resolve: onCrash } = Promise.withResolvers<unknown>();
      const metrics = createMetrics("consumers");
      const config = loadConfig({ ...environment, ...changes });
      const { database } = stage;
      const base = { config, kafka, codec, publisher, database, metrics, log, clock: systemClock, onCrash };
      return { ...createWebhooks(base), metrics, crashed };
    },
    parked: async (atLeast) => {
      const consumer = kafka.consumer({ groupId: `${prefix}reader-${randomBytes(4).toString("hex")}` });
      const found: unknown[] = [];
      const { promise, resolve } = Promise.withResolvers<void>();
      await consumer.connect();
      await consumer.subscribe({ topics: [topicName(prefix, "parked")], fromBeginning: true });
      await consumer.run({
        eachMessage: async ({ message }) => {
          found.push(await codec.decode(message.value!, "parked"));
          if (found.length >= atLeast) resolve();
        },
      });
      await promise;
      await consumer.disconnect();
      return found;
    },
    stop: () => publisher.stop(),
  };
}

function toOutgoing(event: UserEventMessage): OutgoingMessage {
  return { topic: "userEvents", key: addressKey(event), value: event, headers: { messageId: event.eventId } };
}
