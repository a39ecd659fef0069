import { registerSchemas } from "../messaging/register-schemas.ts";
import { createTopics } from "../messaging/topics.ts";
import { loadConfig } from "../runtime/config.ts";

const { kafkaBrokers: brokers, topicPrefix: prefix, topicPartitions: partitions, schemaRegistryUrl } = loadConfig();
for (const { name, isCreated } of await createTopics({ brokers, prefix, partitions })) {
  process.stdout.write(`${name} ${isCreated ? "was created" : "is there"}\n`);
}
for (const { subject, id } of await registerSchemas({ registryUrl: schemaRegistryUrl, prefix })) {
  process.stdout.write(`${subject} has the schema ${id}\n`);
}
