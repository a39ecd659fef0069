/** A topic: who writes it, who reads it, how it is kept. */
export interface Topic {
  /** Without the prefix; `topicName` puts it in front. */
  readonly name: string;
  /** `user`: `partner/environment/referenceId`, so that one user's messages stay in order. `original`: the parked one's. */
  readonly key: "user" | "any" | "original";
  /** The JSON Schema of the value, below schemas/. */
  readonly schema: string;
  /** `user`: TOPIC_PARTITIONS, fixed when the topic is created, because another count would move users. */
  readonly partitions: "user" | number;
  readonly retentionMs: number;
  readonly maxMessageBytes: number;
  readonly writers: readonly string[];
  readonly readers: readonly string[];
  readonly sentence: string;
}

const DAY_MS = 86_400_000;
const MEBIBYTE = 1_048_576;

/** Every topic. The only place that has their names. */
export const TOPICS = {
  userCommands: {
    name: "user-commands",
    key: "user",
    schema: "messages/user-commands.json",
    partitions: "user",
    retentionMs: 7 * DAY_MS,
    maxMessageBytes: MEBIBYTE,
    writers: ["gateway", "cip-results consumer", "operation-updates consumer", "timers"],
    readers: ["users consumer"],
    sentence: "Everything that may change a user; the only way in.",
  },
  userEvents: {
    name: "user-events",
    key: "user",
    schema: "messages/user-events.json",
    partitions: "user",
    retentionMs: 30 * DAY_MS,
    maxMessageBytes: MEBIBYTE,
    writers: ["users consumer"],
    readers: ["webhooks consumer", "anyone"],
    sentence: "What happened to users, in order per user.",
  },
  cipRequests: {
    name: "cip-requests",
    key: "user",
    schema: "messages/cip-requests.json",
    partitions: "user",
    retentionMs: 7 * DAY_MS,
    maxMessageBytes: MEBIBYTE,
    writers: ["users consumer"],
    readers: ["internal CIP system"],
    sentence: "Please verify attempt X; attemptId is the idempotency key, a request may arrive twice.",
  },
  cipResults: {
    name: "cip-results",
    key: "any",
    schema: "messages/cip-results.json",
    partitions: 6,
    retentionMs: 7 * DAY_MS,
    maxMessageBytes: MEBIBYTE,
    writers: ["internal CIP system"],
    readers: ["cip-results consumer"],
    sentence: "The result of an attempt.",
  },
  operationRequests: {
    name: "operation-requests",
    key: "user",
    schema: "messages/operation-requests.json",
    partitions: "user",
    retentionMs: 7 * DAY_MS,
    maxMessageBytes: MEBIBYTE,
    writers: ["users consumer"],
    readers: ["internal payment system"],
    sentence: "Execute or cancel operation X; operationId and action are the idempotency key.",
  },
  operationUpdates: {
    name: "operation-updates",
    key: "any",
    schema: "messages/operation-updates.json",
    partitions: 6,
    retentionMs: 7 * DAY_MS,
    maxMessageBytes: MEBIBYTE,
    writers: ["internal payment system"],
    readers: ["operation-updates consumer"],
    sentence: "The progress of an operation.",
  },
  parked: {
    name: "parked",
    key: "original",
    schema: "messages/parked.json",
    partitions: 6,
    retentionMs: 90 * DAY_MS,
    // The raw bytes travel as base64: the largest message of any other topic must fit, grown by a third.
    maxMessageBytes: 2 * MEBIBYTE,
    writers: ["every consumer"],
    readers: ["parked consumer", "operators"],
    sentence: "What could not be handled, with reason, origin and raw bytes, for a person to look at.",
  },
} as const satisfies Readonly<Record<string, Topic>>;

/** A topic as code names it. */
export type TopicKey = keyof typeof TOPICS;

/** Every topic key, in the order of the catalogue. */
export const TOPIC_KEYS = Object.keys(TOPICS) as readonly TopicKey[];

/** The name of a topic in Kafka, e.g. `m2m.user-commands` for the prefix `m2m.`. */
export function topicName(prefix: string, topic: TopicKey): string {
  return prefix + TOPICS[topic].name;
}

/** The name under which the registry keeps the schema of a topic's values. */
export function subjectName(prefix: string, topic: TopicKey): string {
  return `${topicName(prefix, topic)}-value`;
}
