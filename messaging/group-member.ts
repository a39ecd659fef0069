import type { Consumer, ConsumerConfig, EachBatchPayload, Kafka } from "kafkajs";
import type { TopicPartition } from "./batch.ts";

/** How a consumer keeps its place in the group, and how it fetches. */
export interface GroupSettings {
  readonly groupId: string;
  /** Names as Kafka has them. */
  readonly topics: readonly string[];
  readonly partitionsConsumedConcurrently: number;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  /** At most so many bytes per partition and fetch; a single larger message still comes. Default 1 MiB. */
  readonly maxBytesPerPartition?: number;
}

/** What a member tells its owner. */
export interface GroupEvents {
  readonly onAssignment: (assigned: readonly TopicPartition[]) => void;
  readonly onPoll: () => void;
  readonly onBatch: (payload: EachBatchPayload) => Promise<void>;
}

/** One life of a kafkajs consumer: it joins once and ends once. */
export interface GroupMember {
  readonly consumer: Consumer;
  /** Connects, subscribes and joins. @throws kafkajs's error when the brokers or a topic are away. */
  readonly join: () => Promise<void>;
  /** Resolves with the reason when kafkajs gave up; it has disconnected then. Never after leave(). */
  readonly ended: Promise<unknown>;
  /** Waits for running batches, leaves the group, disconnects. */
  readonly leave: () => Promise<void>;
}

/**
 * `minBytes` 1: the broker answers a waiting fetch as soon as one message arrives, so a single command is seen within
 * milliseconds, and under load messages gather by themselves while a batch is worked on. `maxWaitTimeInMs` is therefore
 * no delay of messages; it bounds how long an idle fetch hangs, and with it how late a resumed partition is asked for
 * again and how long stop() waits. 250 ms costs four small requests per second and broker.
 */
const FETCH = { minBytes: 1, maxWaitTimeInMs: 250 };

/**
 * kafkajs tries for ever by itself what it can; what ends a member anyway ends it for good (`restartOnFailure`), because
 * a consumer that kafkajs restarts in place cannot be stopped while it starts.
 */
const RETRY = {
  initialRetryTime: 100,
  maxRetryTime: 1_000,
  multiplier: 2,
  factor: 0.2,
  retries: Number.MAX_SAFE_INTEGER,
  restartOnFailure: () => Promise.resolve(false),
};

/** A member that has not joined yet. New groups read from the beginning: no command may be lost. */
export function createGroupMember(kafka: Kafka, settings: GroupSettings, events: GroupEvents): GroupMember {
  const consumer = kafka.consumer(toConsumerConfig(settings));
  const { promise: ended, resolve: end } = Promise.withResolvers<unknown>();
  consumer.on(consumer.events.CRASH, ({ payload }) => end(payload.error));
  consumer.on(consumer.events.FETCH, () => events.onPoll());
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    const topics = Object.entries(payload.memberAssignment);
    events.onAssignment(topics.flatMap(([topic, numbers]) => numbers.map((partition) => ({ topic, partition }))));
  });
  return {
    consumer,
    join: async () => {
      await consumer.connect();
      await consumer.subscribe({ topics: [...settings.topics], fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: settings.partitionsConsumedConcurrently,
        eachBatch: events.onBatch,
      });
    },
    ended,
    leave: () => consumer.disconnect(),
  };
}

function toConsumerConfig(settings: GroupSettings): ConsumerConfig {
  const { maxBytesPerPartition = 1_048_576 } = settings;
  return {
    groupId: settings.groupId,
    sessionTimeout: settings.sessionTimeoutMs,
    rebalanceTimeout: settings.rebalanceTimeoutMs,
    heartbeatInterval: settings.heartbeatIntervalMs,
    maxBytesPerPartition,
    allowAutoTopicCreation: false,
    retry: RETRY,
    ...FETCH,
  };
}
