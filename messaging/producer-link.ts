import { setTimeout as wait } from "node:timers/promises";
import { type ICustomPartitioner, type Kafka, Partitioners, type Producer, type TopicMessages } from "kafkajs";
import type { Log } from "../runtime/log.ts";
import { encodeRequestsFast } from "./kafkajs-requests.ts";
import { partitionOfKey } from "./partition-of-key.ts";

/** A connection to Kafka for writing that comes back by itself. */
export interface ProducerLink {
  /** Tries once to connect; when that fails, goes on trying in the background. Never rejects. */
  readonly open: () => Promise<void>;
  readonly isConnected: () => boolean;
  /** Resolves when there is a connection, or the link is closed. */
  readonly connected: () => Promise<void>;
  /** One produce request per leader, acks=all, without retries. @throws kafkajs's error */
  readonly send: (topicMessages: TopicMessages[]) => Promise<void>;
  /** What was tried through the present connection got no answer: connect anew. */
  readonly lost: (error: unknown) => void;
  readonly close: () => Promise<void>;
}

export interface ProducerLinkSettings {
  readonly kafka: Kafka;
  /** How long brokers may take to have a message on all replicas. */
  readonly ackTimeoutMs: number;
  readonly log: Log;
}

const RECONNECT_AFTER_MS = 500;

/** Not connected yet. */
export function createProducerLink({ kafka, ackTimeoutMs, log }: ProducerLinkSettings): ProducerLink {
  const closing = new AbortController();
  let producer: Producer | undefined;
  let connected = Promise.withResolvers<void>();

  const connect = async (): Promise<boolean> => {
    const fresh = newProducer(kafka);
    try {
      await fresh.connect();
    } catch {
      // createKafka's log has the reason. What is tried next does not depend on it.
      await fresh.disconnect();
      return false;
    }
    if (closing.signal.aborted) {
      await fresh.disconnect();
      return false;
    }
    producer = fresh;
    connected.resolve();
    return true;
  };
  const keepConnecting = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      // Ended early by close(): the loop's condition sees it.
      await wait(RECONNECT_AFTER_MS, undefined, { signal: closing.signal }).catch(() => undefined);
      if (!closing.signal.aborted && (await connect())) return log.info("connected to Kafka again");
    }
  };

  return {
    open: async () => {
      if (!(await connect())) void keepConnecting();
    },
    isConnected: () => producer !== undefined,
    connected: () => connected.promise,
    send: async (topicMessages) => {
      if (producer === undefined) throw new Error("the link has no connection");
      await producer.sendBatch({ acks: -1, timeout: ackTimeoutMs, topicMessages });
    },
    lost: (error) => {
      if (producer === undefined) return;
      log.warn({ error }, "Kafka is away; nothing is accepted until it is back");
      // It waits for answers that may come late or never; nothing else waits for it.
      void producer.disconnect().catch(() => undefined);
      producer = undefined;
      connected = Promise.withResolvers<void>();
      void keepConnecting();
    },
    close: async () => {
      closing.abort();
      connected.resolve();
      await producer?.disconnect();
      producer = undefined;
    },
  };
}

/**
 * Not idempotent: after a request that timed out, kafkajs's sequence numbers can make the broker drop a later batch as a
 * duplicate while the client sees success. Duplicates are removed by command id and sequence instead. Retries are off
 * because after one of them nobody knows any more whether the first try was sent. Same partitions as Java's clients.
 */
function newProducer(kafka: Kafka): Producer {
  encodeRequestsFast();
  return kafka.producer({
    idempotent: false,
    allowAutoTopicCreation: false,
    createPartitioner: partitionByKey,
    retry: { retries: 0 },
  });
}

/** A key's partition as everywhere in Kafka; without a key they take turns. */
const partitionByKey: ICustomPartitioner = () => {
  const others = Partitioners.DefaultPartitioner();
  return (given) => {
    const { message, partitionMetadata } = given;
    const key = message.key ?? null;
    if (key === null || message.partition !== undefined) return others(given);
    return partitionOfKey(key, partitionMetadata.length);
  };
};
