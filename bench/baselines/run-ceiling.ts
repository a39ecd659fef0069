import { createServer } from "node:http";
import type { KafkaMessage } from "kafkajs";
import { Pool, type PooledClient } from "pg";
import { createKafka } from "../../messaging/kafka.ts";
import type { Config } from "../../runtime/config.ts";
import { createLog } from "../../runtime/log.ts";
import { type TopicKey, topicName } from "../../schemas/topics.ts";

export interface CeilingSettings {
  readonly config: Config;
  readonly topic: TopicKey;
  /** Longest batch of a partition; kafkajs's default when left out. */
  readonly maxBytesPerPartition?: number;
  /** Writes the rows for consecutive messages of a partition, given as text, inside their transaction. */
  readonly write: (client: PooledClient, messages: readonly string[]) => Promise<void>;
}

/**
 * Runs a ceiling (c): reads a topic and has rows written, many rows a statement, one transaction per batch of a partition.
 * It has no rules, checks no schema, publishes and answers nothing. Nothing correct can be faster here. Ends with SIGTERM.
 */
export async function runCeiling({ config, topic: key, write, ...fetching }: CeilingSettings): Promise<void> {
  const pool = new Pool({ connectionString: config.databaseUrl, max: config.databasePoolSize });
  const topic = topicName(config.topicPrefix, key);
  const log = createLog({ level: "warn", component: "ceiling" });
  const kafka = createKafka({ brokers: config.kafkaBrokers, clientId: "ceiling", log });
  const consumer = kafka.consumer({ groupId: `${config.groupPrefix}ceiling`, maxWaitTimeInMs: 100, ...fetching });
  const server = createServer((_request, response) => response.end()).listen(config.consumersPort, "127.0.0.1");
  const writeBatch = async (partition: number, messages: readonly KafkaMessage[]) => {
    const client = await pool.connect();
    await client.query({ text: "begin" });
    await write(client, messages.map(textOf));
    const nextOffset = Number(messages.at(-1)?.offset) + 1;
    await client.query({ name: "progress", text: PROGRESS, values: [topic, partition, nextOffset] });
    await client.query({ text: "commit" });
    client.release();
  };
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    partitionsConsumedConcurrently: config.topicPartitions,
    eachBatch: async ({ batch }) => writeBatch(batch.partition, batch.messages),
  });
  process.once("SIGTERM", async () => {
    await consumer.disconnect();
    await pool.end();
    server.close(() => process.exit());
  });
}

const PROGRESS = `insert into consumer_progress (topic, partition, cluster_id, next_offset, published_through)
  values ($1, $2, 'ceiling', $3, 0) on conflict (topic, partition) do update set next_offset = excluded.next_offset`;

/** What follows the magic byte and the schema's id in the Confluent wire format. */
const HEADER_BYTES = 5;

function textOf({ value }: KafkaMessage): string {
  return String(value?.subarray(HEADER_BYTES));
}
