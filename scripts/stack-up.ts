import { startLocalStack } from "../stack/local-stack.ts";
import { runUntilStopped } from "./stack-run.ts";

/** Runs Postgres, Redis, Kafka and the registry alone, in the foreground, and prints their addresses. */
await runUntilStopped(async ({ settings, progress, signal }) => {
  const { dir, ports, mode, environment } = settings;
  const stack = await startLocalStack({ dir, ports, mode, environment, progress, signal });
  console.log(`
DATABASE_URL=${stack.databaseUrl}
REDIS_URL=${stack.redisUrl}
KAFKA_BROKERS=${stack.kafkaBrokers}
SCHEMA_REGISTRY_URL=${stack.schemaRegistryUrl}

Ctrl-C stops them; the data stays in ${dir}.
`);
  return stack;
});
