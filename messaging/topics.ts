import { setTimeout as wait } from "node:timers/promises";
import type { Admin, ITopicConfig } from "kafkajs";
import type { Log } from "../runtime/log.ts";
import { TOPIC_KEYS, TOPICS, type TopicKey, topicName } from "../schemas/topics.ts";
import { classify } from "./failure-policy.ts";
import { createKafka } from "./kafka.ts";

export interface TopicSettings {
  readonly brokers: readonly string[];
  readonly prefix: string;
  /** Of user-keyed topics. */
  readonly partitions: number;
  /** The topics to see to; every one when left out. */
  readonly topics?: readonly TopicKey[];
  readonly log?: Log;
}

/** A topic and whether this call created it. */
export interface CreatedTopic {
  readonly name: string;
  readonly isCreated: boolean;
}

/** User-keyed topics that are there with another partition count than is configured. */
export class PartitionCountFixed extends Error {
  constructor(sentences: readonly string[]) {
    super(
      `${sentences.join("; ")}. The partition count of a topic keyed by user is fixed when it is created: with another ` +
        "one, users would move to other partitions and lose their order. Set TOPIC_PARTITIONS back, or see docs/operations.md.",
    );
    this.name = "PartitionCountFixed";
  }
}

const ANSWER_WITHIN_MS = 30_000;
const LEADER_ATTEMPTS = 100;
const LEADER_PAUSE_MS = 100;

/**
 * Creates the topics that are missing, with their settings; the replication factor is the brokers' default. Topics that
 * are there stay as they are. Repeating it is harmless.
 * @throws PartitionCountFixed, before anything is created, when a user-keyed topic would have to grow or shrink.
 */
export async function createTopics(settings: TopicSettings): Promise<readonly CreatedTopic[]> {
  const { brokers, prefix, partitions, topics = TOPIC_KEYS, log = NO_LOG } = settings;
  const admin = createKafka({ brokers, clientId: "m2m-topics", log }).admin();
  await admin.connect();
  try {
    const existing = await partitionCounts(admin, new Set(topics.map((topic) => topicName(prefix, topic))));
    refuseOtherCounts(settings, topics, existing);
    const missing = topics.filter((topic) => !existing.has(topicName(prefix, topic)));
    if (missing.length > 0) {
      const configured = missing.map((topic) => topicConfig(prefix, topic, partitions));
      await admin.createTopics({ topics: configured, timeout: ANSWER_WITHIN_MS, waitForLeaders: false });
      await untilLed(admin, configured);
    }
    return topics.map((topic) => ({ name: topicName(prefix, topic), isCreated: missing.includes(topic) }));
  } finally {
    await admin.disconnect();
  }
}

/** kafkajs's own wait fails when it asks a broker that has not heard of the new topic yet; this one asks again. */
async function untilLed(admin: Admin, created: readonly ITopicConfig[]): Promise<void> {
  const names = created.map(({ topic }) => topic);
  for (let attempt = 1; ; attempt += 1) {
    try {
      await admin.fetchTopicMetadata({ topics: names });
      return;
    } catch (error) {
      if (attempt === LEADER_ATTEMPTS || classify(error).kind !== "temporary") throw error;
      await wait(LEADER_PAUSE_MS);
    }
  }
}

async function partitionCounts(admin: Admin, wanted: ReadonlySet<string>): Promise<ReadonlyMap<string, number>> {
  const names = (await admin.listTopics()).filter((name) => wanted.has(name));
  if (names.length === 0) return new Map();
  const { topics } = await admin.fetchTopicMetadata({ topics: names });
  return new Map(topics.map(({ name, partitions }) => [name, partitions.length]));
}

function refuseOtherCounts(
  { prefix, partitions }: TopicSettings,
  topics: readonly TopicKey[],
  existing: ReadonlyMap<string, number>,
): void {
  const sentences = topics
    .filter((topic) => TOPICS[topic].partitions === "user")
    .map((topic) => ({ name: topicName(prefix, topic), count: existing.get(topicName(prefix, topic)) }))
    .filter(({ count }) => count !== undefined && count !== partitions)
    .map(({ name, count }) => `${name} has ${count} partitions, TOPIC_PARTITIONS says ${partitions}`);
  if (sentences.length > 0) throw new PartitionCountFixed(sentences);
}

function topicConfig(prefix: string, topic: TopicKey, userPartitions: number): ITopicConfig {
  const { partitions, retentionMs, maxMessageBytes } = TOPICS[topic];
  return {
    topic: topicName(prefix, topic),
    numPartitions: partitions === "user" ? userPartitions : partitions,
    configEntries: [
      { name: "cleanup.policy", value: "delete" },
      { name: "retention.ms", value: String(retentionMs) },
      { name: "max.message.bytes", value: String(maxMessageBytes) },
    ],
  };
}

const NO_LOG: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => NO_LOG,
};
