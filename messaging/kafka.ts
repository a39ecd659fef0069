import { Kafka, type LogEntry, logLevel, type RetryOptions } from "kafkajs";
import { type Clock, systemClock } from "../runtime/clock.ts";
import type { Log } from "../runtime/log.ts";
import { createQuietLog } from "../runtime/quiet-log.ts";
import { keepLastBroker } from "./kafkajs-brokers.ts";
import { reopenEmpty } from "./kafkajs-connections.ts";

export interface KafkaSettings {
  /** As host:port. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly log: Log;
  readonly clock?: Clock;
}

/** How long a connection may take to open. */
const CONNECT_TIMEOUT_MS = 3_000;
/**
 * How long an answer may take. A broker that vanished without closing its connections is noticed after this, so it
 * bounds the recovery after such a loss; joining a group and fetching have longer limits of their own.
 */
const REQUEST_TIMEOUT_MS = 8_000;

/**
 * How often kafkajs tries to connect inside one call, below 2 s together: a publisher has to know soon that Kafka is
 * away. Every value is stated because kafkajs has other defaults when NODE_ENV is "test".
 */
const QUICK = { initialRetryTime: 100, maxRetryTime: 1_000, multiplier: 2, factor: 0.2, retries: 3 };
/**
 * A consumer tries for ever. Giving up it would lose its place in the group, and after the outage its successor would have
 * to wait until the group no longer expects the lost one: for a whole session. One broker of several that is away is not
 * waited for like this: only when none can be reached.
 */
const PATIENT = { ...QUICK, retries: Number.MAX_SAFE_INTEGER };

/**
 * The client of one process. Connects to nothing yet. kafkajs's own lines go to our log at level warn, at most one per
 * ten seconds: it writes several per attempt while a broker is away, and each is about the same thing.
 */
export function createKafka({ brokers, clientId, log, clock = systemClock }: KafkaSettings): Kafka {
  keepLastBroker();
  reopenEmpty();
  const quiet = createQuietLog(log, clock);
  const newClient = (retry: RetryOptions) =>
    new Kafka({
      brokers: [...brokers],
      clientId,
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      retry,
      logLevel: logLevel.WARN,
      logCreator: () => (entry) => writeLine(entry, (fields) => quiet.warn(fields, "kafkajs")),
    });
  const client = newClient(QUICK);
  const patientClient = newClient(PATIENT);
  // kafkajs takes the retries of connections from the client alone.
  client.consumer = (settings) => patientClient.consumer(settings);
  return client;
}

/** Only these fields: others carry payloads and host objects. */
function writeLine({ namespace, log }: LogEntry, write: (fields: Readonly<Record<string, unknown>>) => void): void {
  const { message, broker, groupId, error } = log;
  const reason = error instanceof Error ? error.message : typeof error === "string" ? error : undefined;
  write({ part: namespace, message, broker, groupId, reason });
}
