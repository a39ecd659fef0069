import type { Kafka } from "kafkajs";
import type { Log } from "../runtime/log.ts";
import type { Metrics } from "../runtime/metrics.ts";
import { TOPICS, type TopicKey, topicName } from "../schemas/topics.ts";
import type { Codec } from "./codec.ts";
import { createDelivery, type PublisherMetrics } from "./delivery.ts";
import { createProducerLink } from "./producer-link.ts";
import { BrokerAway, MessageRefused, OutcomeUnknown } from "./publish-errors.ts";
import { RegistryUnreachable, SchemaNotRegistered } from "./schema-errors.ts";
import { allAcknowledged, type Outgoing, WaitingMessage } from "./waiting-message.ts";

/** A value for a topic. Its key decides the partition; null spreads values over all of them. */
export interface OutgoingMessage {
  readonly topic: TopicKey;
  readonly key: string | null;
  readonly value: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface PublisherSettings {
  readonly kafka: Kafka;
  readonly codec: Codec;
  readonly prefix: string;
  /** How long a message may wait for its acknowledgement, counted from publish(). */
  readonly ackTimeoutMs: number;
  /** Most bytes of one produce request. Must stay below every topic's limit, which counts per partition. */
  readonly maxBytes?: number;
  readonly metrics?: Metrics & PublisherMetrics;
  readonly log: Log;
}

/**
 * Writes messages with acks=all. While one produce request is in flight, messages gather and then go out together, so
 * that throughput grows with load and a single message waits for nobody. Messages of one call keep their order, calls
 * keep the order in which they were made.
 */
export interface Publisher {
  /** Connects. Without Kafka it goes on trying in the background and refuses messages meanwhile. */
  readonly start: () => Promise<void>;
  /**
   * Resolves when all in-sync replicas have the message.
   * @throws BrokerAway: nothing was sent. OutcomeUnknown: it may be there. SchemaViolation, MessageRefused: never.
   */
  readonly publish: (message: OutgoingMessage) => Promise<void>;
  /** The same for several, in order. After an error some of them may be there: publish all of them again. */
  readonly publishAll: (messages: readonly OutgoingMessage[]) => Promise<void>;
  /** False while Kafka is known to be away: publish() then throws BrokerAway at once. */
  readonly isConnected: () => boolean;
  /** Takes nothing more, waits for what is on its way (each at most ackTimeoutMs), disconnects. */
  readonly stop: () => Promise<void>;
}

const DEFAULT_MAX_BYTES = 512 * 1_024;
/** What Kafka adds to a message: a record batch's head and a record's, generously. */
const OVERHEAD_BYTES = 100;
const HEADER_OVERHEAD_BYTES = 10;

/** Not connected yet. */
export function createPublisher(settings: PublisherSettings): Publisher {
  const { kafka, ackTimeoutMs, maxBytes = DEFAULT_MAX_BYTES, metrics = {}, log } = settings;
  const link = createProducerLink({ kafka, ackTimeoutMs, log });
  const delivery = createDelivery({ link, maxBytes, metrics });
  const open = new Set<Promise<void>>();
  let isStopping = false;

  const giveUp = (late: readonly WaitingMessage[]) => {
    for (const message of late) message.fail(message.mayBeSent ? new OutcomeUnknown() : new BrokerAway());
    delivery.lost(late[0]?.error);
  };
  const bring = (outgoing: readonly Outgoing[]): Promise<void> => {
    if (isStopping || !link.isConnected()) throw new BrokerAway();
    const messages = outgoing.map((one) => new WaitingMessage(one));
    const acknowledged = allAcknowledged(messages, ackTimeoutMs, giveUp);
    const done = acknowledged.catch(() => undefined).finally(() => open.delete(done));
    open.add(done);
    delivery.add(messages);
    return acknowledged;
  };
  const publishAll = async (messages: readonly OutgoingMessage[]): Promise<void> => {
    if (isStopping || !link.isConnected()) throw new BrokerAway();
    await bring(await Promise.all(messages.map((message) => encode(settings, message))));
  };

  return {
    start: link.open,
    publish: (message) => publishAll([message]),
    publishAll,
    isConnected: link.isConnected,
    stop: async () => {
      isStopping = true;
      await Promise.all(open);
      await link.close();
    },
  };
}

async function encode({ codec, prefix }: PublisherSettings, outgoing: OutgoingMessage): Promise<Outgoing> {
  const { topic, key, headers = {} } = outgoing;
  const value = await codec.encode(topic, outgoing.value).catch((error: unknown) => {
    const isAway = error instanceof RegistryUnreachable || error instanceof SchemaNotRegistered;
    throw isAway ? new BrokerAway({ cause: error }) : error;
  });
  const bytes = OVERHEAD_BYTES + value.length + Buffer.byteLength(key ?? "") + headerBytes(headers);
  const limit = TOPICS[topic].maxMessageBytes;
  // Refused here, so that it does not take its neighbours in the request with it.
  if (bytes > limit) throw new MessageRefused(`${bytes} bytes are more than the ${limit} of ${topic}`);
  return { topic: topicName(prefix, topic), bytes, message: { key, value, headers } };
}

function headerBytes(headers: Readonly<Record<string, string>>): number {
  let bytes = 0;
  for (const name in headers)
    bytes += Buffer.byteLength(name) + Buffer.byteLength(headers[name] ?? "") + HEADER_OVERHEAD_BYTES;
  return bytes;
}
