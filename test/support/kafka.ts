import { randomBytes } from "node:crypto";
import type { Kafka, KafkaMessage, Producer } from "kafkajs";
import { inject } from "vitest";
import { type Codec, createCodec } from "../../messaging/codec.ts";
import { createKafka } from "../../messaging/kafka.ts";
import { registerSchemas } from "../../messaging/register-schemas.ts";
import { createTopics } from "../../messaging/topics.ts";
import type { Log } from "../../runtime/log.ts";
import { TOPIC_KEYS, type TopicKey, topicName } from "../../schemas/topics.ts";

/** What a test writes as it is, without codec. */
export interface TestMessage {
  readonly key?: string | null;
  readonly value: Buffer | string | null;
  readonly partition?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a test finds in a topic. */
export interface FoundMessage {
  readonly partition: number;
  readonly offset: string;
  readonly key: string | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** Kafka and registry for one test file: topics and subjects under a random prefix of its own. */
export interface TestKafka {
  readonly kafka: Kafka;
  readonly brokers: readonly string[];
  readonly registryUrl: string;
  readonly prefix: string;
  readonly codec: Codec;
  readonly name: (topic: TopicKey) => string;
  /** A name for a consumer group that nobody else has. */
  readonly newGroup: () => string;
  /** Writes messages as they are. */
  readonly write: (topic: TopicKey, messages: readonly TestMessage[]) => Promise<void>;
  /** Encodes values with the topic's schema and writes them. */
  readonly writeValues: (topic: TopicKey, key: string | null, values: readonly unknown[]) => Promise<void>;
  /** Reads a topic from its beginning until there is enough, by default one message. Fails with what it found. */
  readonly read: (topic: TopicKey, isEnough?: (found: readonly FoundMessage[]) => boolean) => Promise<FoundMessage[]>;
  /** The same, decoded. */
  readonly readValues: (topic: TopicKey, isEnough?: (found: readonly unknown[]) => boolean) => Promise<unknown[]>;
  readonly stop: () => Promise<void>;
}

/** What a file's topics are; by default all of them, user-keyed ones with 4 partitions, on the run's brokers. */
export interface TestKafkaOptions {
  readonly brokers?: readonly string[];
  readonly topics?: readonly TopicKey[];
  readonly partitions?: number;
}

/** Where topics are, and what stands before their names. */
export interface TestKafkaPlace {
  readonly brokers: readonly string[];
  readonly registryUrl: string;
  readonly prefix: string;
}

const READ_WITHIN_MS = 20_000;

/** Creates topics under a random prefix and registers all schemas. */
export async function startTestKafka(options: TestKafkaOptions = {}): Promise<TestKafka> {
  const { brokers = inject("stack").kafkaBrokers.split(","), topics = TOPIC_KEYS, partitions = 4 } = options;
  const registryUrl = inject("stack").schemaRegistryUrl;
  const prefix = `t${randomBytes(5).toString("hex")}.`;
  await Promise.all([createTopics({ brokers, prefix, partitions, topics }), registerSchemas({ registryUrl, prefix })]);
  return connectTestKafka({ brokers, registryUrl, prefix });
}

/** Reads and writes topics that exist already, such as those of a whole system. */
export async function connectTestKafka({ brokers, registryUrl, prefix }: TestKafkaPlace): Promise<TestKafka> {
  const kafka = createKafka({ brokers, clientId: "test", log: silentLog });
  const codec = createCodec({ registryUrl, prefix });
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  const name = (topic: TopicKey) => topicName(prefix, topic);
  const one = (found: readonly unknown[]) => found.length > 0;
  return {
    kafka,
    brokers,
    registryUrl,
    prefix,
    codec,
    name,
    newGroup: () => `${prefix}${randomBytes(4).toString("hex")}`,
    write: (topic, messages) => write(producer, name(topic), messages),
    writeValues: async (topic, key, values) => {
      const encoded = await Promise.all(values.map((value) => codec.encode(topic, value)));
      await write(
        producer,
        name(topic),
        encoded.map((value) => ({ key, value })),
      );
    },
    read: (topic, isEnough = one) => readUntil(kafka, name(topic), { toItem: async (message) => message, isEnough }),
    readValues: (topic, isEnough = one) =>
      readUntil(kafka, name(topic), {
        toItem: ({ value }) => codec.decode(value ?? Buffer.alloc(0), topic),
        isEnough,
      }),
    stop: () => producer.disconnect(),
  };
}

/** A log that writes nothing. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLog,
};

/** A log that keeps its lines of warn and error. */
export function keepingLog(): { readonly log: Log; readonly lines: { level: string; text: string }[] } {
  const lines: { level: string; text: string }[] = [];
  const keep =
    (level: string) =>
    (first: unknown, sentence?: string): void =>
      void lines.push({
        level,
        text: typeof first === "string" ? first : `${sentence} ${JSON.stringify(first, texts)}`,
      });
  const log: Log = { ...silentLog, warn: keep("warn"), error: keep("error"), child: () => log };
  return { log, lines };
}

function texts(_: string, value: unknown): unknown {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  return typeof value === "bigint" ? String(value) : value;
}

async function write(producer: Producer, topic: string, messages: readonly TestMessage[]): Promise<void> {
  await producer.send({
    topic,
    acks: -1,
    messages: messages.map(({ key = null, headers = {}, ...rest }) => ({ key, headers: { ...headers }, ...rest })),
  });
}

interface Reading<Item> {
  readonly toItem: (message: FoundMessage) => Promise<Item>;
  readonly isEnough: (items: readonly Item[]) => boolean;
}

/** Reads all partitions from their beginning until it is enough. */
async function readUntil<Item>(kafka: Kafka, topic: string, { toItem, isEnough }: Reading<Item>): Promise<Item[]> {
  const consumer = kafka.consumer({ groupId: `read-${randomBytes(6).toString("hex")}`, maxWaitTimeInMs: 50 });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const items: Item[] = [];
  const complaint = () =>
    reject(new Error(`${topic} has only ${items.length}: ${JSON.stringify(items).slice(0, 5_000)}`));
  const timer = setTimeout(complaint, READ_WITHIN_MS);
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ partition, message }) => {
      items.push(await toItem(toFound(partition, message)));
      if (isEnough(items)) resolve();
    },
  });
  try {
    await promise;
    return items;
  } finally {
    clearTimeout(timer);
    await consumer.disconnect();
  }
}

function toFound(partition: number, { offset, key, value, headers = {} }: KafkaMessage): FoundMessage {
  const text = Object.fromEntries(Object.entries(headers).map(([name, header]) => [name, String(header)]));
  return { partition, offset, key: key?.toString() ?? null, value, headers: text };
}
