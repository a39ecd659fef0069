import { createLog } from "../runtime/log.ts";
import { TOPIC_KEYS, TOPICS, topicName } from "../schemas/topics.ts";
import { createKafka } from "./kafka.ts";

/** What a topic is in Kafka, compared with the catalogue; `problem` is one sentence, null when all is well. */
export interface TopicState {
  readonly name: string;
  /** Null when it is not there. */
  readonly partitions: number | null;
  readonly problem: string | null;
}

export interface TopicQuestion {
  readonly brokers: readonly string[];
  readonly prefix: string;
  /** What user-keyed topics should have. */
  readonly partitions: number;
}

/** Every topic of the catalogue as it is. Changes nothing. Rejects with kafkajs's error when Kafka does not answer. */
export async function readTopicStates({ brokers, prefix, partitions }: TopicQuestion): Promise<readonly TopicState[]> {
  const log = createLog({ level: "silent", component: "topics" });
  const admin = createKafka({ brokers, clientId: "m2m-topic-states", log }).admin();
  await admin.connect();
  try {
    const wanted = TOPIC_KEYS.map((topic) => topicName(prefix, topic));
    const existing = new Set(await admin.listTopics());
    const there = wanted.filter((name) => existing.has(name));
    const { topics } = there.length === 0 ? { topics: [] } : await admin.fetchTopicMetadata({ topics: there });
    const counts = new Map(topics.map((topic) => [topic.name, topic.partitions.length]));
    return TOPIC_KEYS.map((topic) => {
      const name = topicName(prefix, topic);
      const expected = TOPICS[topic].partitions === "user" ? partitions : TOPICS[topic].partitions;
      const isFixed = TOPICS[topic].partitions === "user";
      const count = counts.get(name) ?? null;
      return { name, partitions: count, problem: problemOf({ count, expected, isFixed }) };
    });
  } finally {
    await admin.disconnect();
  }
}

interface Compared {
  readonly count: number | null;
  readonly expected: number;
  readonly isFixed: boolean;
}

function problemOf({ count, expected, isFixed }: Compared): string | null {
  if (count === null) return "is not there";
  if (count === expected || (!isFixed && count > expected)) return null;
  return `has ${count} partitions instead of ${expected}`;
}
