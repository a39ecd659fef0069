import { Kafka, type LogEntry, logLevel } from "kafkajs";
import { type Clock, systemClock } from "../runtime/clock.ts";
import type { Log } from "../runtime/log.ts";
import { createQuietLog } from "./quiet-log.ts";

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
 * The retries inside one call of kafkajs, below 2 s together: producers, consumers and their callers have their own
 * patience on top. Every value is stated because kafkajs has other defaults when NODE_ENV is "test".
 */
export const CLIENT_RETRY = { initialRetryTime: 100, maxRetryTime: 1_000, multiplier: 2, factor: 0.2, retries: 3 };

/**
 * The client of one process. Connects to nothing yet. kafkajs's own lines go to our log at level warn, at most one per
 * ten seconds: it writes several per attempt while a broker is away, and each is about the same thing.
 */
export function createKafka({ brokers, clientId, log, clock = systemClock }: KafkaSettings): Kafka {
  const quiet = createQuietLog(log, clock);
  return new Kafka({
    brokers: [...brokers],
    clientId,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    retry: CLIENT_RETRY,
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => writeLine(entry, (fields) => quiet.warn(fields, "kafkajs")),
  });
}

/** Only these fields: others carry payloads and host objects. */
function writeLine({ namespace, log }: LogEntry, write: (fields: Readonly<Record<string, unknown>>) => void): void {
  const { message, broker, groupId, error } = log;
  const reason = error instanceof Error ? error.message : typeof error === "string" ? error : undefined;
  write({ part: namespace, message, broker, groupId, reason });
}
