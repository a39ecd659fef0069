import { registerSchemas } from "../messaging/register-schemas.ts";
import { SchemaRefused } from "../messaging/schema-errors.ts";
import { createTopics, PartitionCountFixed } from "../messaging/topics.ts";
import { loadConfig } from "../runtime/config.ts";

/** `npm run topics`: creates what is missing, refuses what may not change. Exit code 0, or 1 with the reason. */
try {
  const { kafkaBrokers: brokers, topicPrefix: prefix, topicPartitions: partitions, schemaRegistryUrl } = loadConfig();
  for (const { name, isCreated } of await createTopics({ brokers, prefix, partitions })) {
    process.stdout.write(`${name} ${isCreated ? "was created" : "is there"}\n`);
  }
  for (const { subject, id } of await registerSchemas({ registryUrl: schemaRegistryUrl, prefix })) {
    process.stdout.write(`${subject} has the schema ${id}\n`);
  }
} catch (error) {
  if (!(error instanceof PartitionCountFixed) && !(error instanceof SchemaRefused)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
