import type { Kafka } from "kafkajs";
import { type Codec, createCodec } from "../../messaging/codec.ts";
import { createKafka } from "../../messaging/kafka.ts";
import { createPublisher, type Publisher } from "../../messaging/publisher.ts";
import { type Clock, systemClock } from "../../runtime/clock.ts";
import type { Config } from "../../runtime/config.ts";
import type { Check } from "../../runtime/health.ts";
import type { Log } from "../../runtime/log.ts";
import type { Metrics } from "../../runtime/metrics.ts";
import { createDatabase, type Database } from "../../storage/orm.ts";

/** What every consumer of a process uses: one pool, one Kafka client, one publisher. */
export interface Shared {
  readonly config: Config;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly database: Database;
  readonly kafka: Kafka;
  readonly codec: Codec;
  readonly publisher: Publisher;
  /** Ends the process: something happened after which it would live on without doing its work. */
  readonly onCrash: (error: unknown) => void;
}

/** A consumer that `consumers/main.ts` can start by name. */
export interface Consumer {
  readonly name: string;
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  /** For readiness, by name. */
  readonly checks: Readonly<Record<string, Check>>;
}

export interface SharedSettings extends Pick<Shared, "config" | "log" | "metrics" | "onCrash"> {
  /** What this process is called in Postgres and Kafka. */
  readonly clientId: string;
}

/** Makes what is shared; nothing connects before it is started or first used. */
export async function createShared(settings: SharedSettings): Promise<Shared> {
  const { config, log, metrics, onCrash, clientId } = settings;
  const database = await createDatabase({
    url: config.databaseUrl,
    poolSize: config.databasePoolSize,
    applicationName: clientId,
    lockTimeoutMs: config.lockTimeoutMs,
    idleInTransactionTimeoutMs: config.idleInTransactionTimeoutMs,
    isPreparing: config.databasePreparedStatements,
    statementTimeoutMs: config.statementTimeoutMs,
    log,
  });
  const kafka = createKafka({ brokers: config.kafkaBrokers, clientId, log });
  const codec = createCodec({ registryUrl: config.schemaRegistryUrl, prefix: config.topicPrefix });
  const publisher = createPublisher({
    kafka,
    codec,
    prefix: config.topicPrefix,
    ackTimeoutMs: config.produceTimeoutMs,
    log,
  });
  return { config, log, metrics, onCrash, database, kafka, codec, publisher, clock: systemClock };
}
