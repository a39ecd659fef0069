import { createServer } from "node:http";
import type { KafkaMessage } from "kafkajs";
import { Pool, type PooledClient } from "pg";
import type { CreateLink } from "../../domain/commands.ts";
import { DEFAULT_SETTINGS } from "../../domain/partner.ts";
import { createKafka } from "../../messaging/kafka.ts";
import { loadConfig } from "../../runtime/config.ts";
import { createLog } from "../../runtime/log.ts";
import { topicName } from "../../schemas/topics.ts";
import { createIdentityHash } from "../../storage/identity-hash.ts";
import { createWorkingSet } from "../../storage/user-store/working-set.ts";
import { createRowTemplate } from "./row-template.ts";

/**
 * Baseline (c), the ceiling: reads commands that make new links of new users from Kafka and writes the rows that the users
 * consumer would write, by hand-written SQL, many rows a statement, one transaction per batch of a partition. It has no
 * rules, checks no schema, looks at nothing that is there, publishes and answers nothing. Nothing correct can be faster here.
 */
const config = loadConfig();
const log = createLog({ level: "warn", component: "ceiling" });
const pool = new Pool({ connectionString: config.databaseUrl, max: config.databasePoolSize });
const topic = topicName(config.topicPrefix, "userCommands");
const kafka = createKafka({ brokers: config.kafkaBrokers, clientId: "ceiling", log });
const consumer = kafka.consumer({ groupId: `${config.groupPrefix}ceiling`, maxWaitTimeInMs: 100 });
let template: ReturnType<typeof createRowTemplate> | undefined;

const server = createServer((_request, response) => response.end()).listen(config.consumersPort, "127.0.0.1");
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

/** What follows the magic byte and the schema's id in the Confluent wire format. */
const HEADER_BYTES = 5;

async function writeBatch(partition: number, messages: readonly KafkaMessage[]): Promise<void> {
  const commands = messages.map(({ value }): CreateLink => JSON.parse(String(value?.subarray(HEADER_BYTES))));
  const tables = new Map<string, string[]>();
  for (const command of commands) {
    template ??= templateOf(command);
    for (const [table, rows] of template(command)) {
      const all = tables.get(table);
      if (all === undefined) tables.set(table, [...rows]);
      else all.push(...rows);
    }
  }
  const client = await pool.connect();
  await client.query({ text: "begin" });
  for (const [table, rows] of tables) if (rows.length > 0) await insert(client, table, rows);
  const nextOffset = Number(messages.at(-1)?.offset) + 1;
  await client.query({ name: "progress", text: PROGRESS, values: [topic, partition, nextOffset] });
  await client.query({ text: "commit" });
  client.release();
}

const PROGRESS = `insert into consumer_progress (topic, partition, cluster_id, next_offset, published_through)
  values ($1, $2, 'ceiling', $3, 0) on conflict (topic, partition) do update set next_offset = excluded.next_offset`;

/** The database numbers these tables itself. */
const NUMBERED: Readonly<Record<string, string>> = {
  outbox: "source_partition, topic, kind, message_key, user_id, sequence, created_at",
  refusals: "partner, environment, reference_id, command_id, command_type, code, actor, at",
};

async function insert(client: PooledClient, table: string, rows: readonly string[]): Promise<void> {
  const columns = NUMBERED[table];
  const text = `insert into ${table} ${columns === undefined ? "" : `(${columns})`}
    select ${columns ?? "*"} from json_populate_recordset(null::${table}, $1::json)`;
  await client.query({ name: table, text, values: [`[${rows.join(",")}]`] });
}

function templateOf(command: CreateLink): ReturnType<typeof createRowTemplate> {
  const { partner, environment } = command;
  const snapshot = { partner, environment, isSuspended: false, settings: DEFAULT_SETTINGS, endpoints: [] };
  const loaded = { users: createWorkingSet([]), partnerOf: () => snapshot };
  const addresses = { widget: config.widgetBaseUrl, gateway: config.gatewayUrl };
  return createRowTemplate(command, loaded, { addresses, identityHash: createIdentityHash(config.serverSecret) });
}
