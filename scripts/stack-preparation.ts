import { registerSchemas } from "../messaging/register-schemas.ts";
import { createTopics } from "../messaging/topics.ts";
import { type Config, ConfigError, loadConfig } from "../runtime/config.ts";
import { StackError } from "../stack/stack-error.ts";
import { seedDemo } from "../storage/configuration/seed-demo.ts";
import { migrate } from "../storage/migrate.ts";
import { type Demo, lastApiKey, writeDemo } from "./stack-files.ts";

/**
 * Tables, topics, schemas and the demo partner, and demo.json in the stack's folder. May be repeated: what is there
 * stays, the demo key too. Refuses with a StackError that names the step.
 */
export async function prepareProduct(dir: string, config: Config): Promise<Demo> {
  const { databaseUrl, kafkaBrokers: brokers, topicPrefix: prefix, topicPartitions: partitions } = config;
  const known = await lastApiKey(dir);
  const partner = { databaseUrl, ...(known === undefined ? {} : { apiKey: known }) };
  const [{ apiKey }] = await Promise.all([
    step("migrate the database", migrate(databaseUrl)).then(() => step("add the demo partner", seedDemo(partner))),
    step("create the topics", createTopics({ brokers, prefix, partitions })),
    step("register the schemas", registerSchemas({ registryUrl: config.schemaRegistryUrl, prefix })),
  ]);
  const demo = toDemo(config, apiKey);
  await writeDemo(dir, demo);
  return demo;
}

/** The configuration in an environment. Refuses with a StackError that has all problems. */
export function configurationIn(environment: Readonly<Record<string, string | undefined>>): Config {
  try {
    return loadConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) throw new StackError(error.message, { cause: error });
    throw error;
  }
}

/** One sentence instead of a stack trace: these fail when the stack, its data or the environment is not in order. */
function step<T>(what: string, doing: Promise<T>): Promise<T> {
  return doing.catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StackError(`Could not ${what}: ${reason}`, { cause: error });
  });
}

function toDemo(config: Config, apiKey: string): Demo {
  return {
    gatewayUrl: config.gatewayUrl,
    widgetBaseUrl: config.widgetBaseUrl,
    apiKey,
    adminKey: config.adminKey ?? "",
    kafkaBrokers: config.kafkaBrokers.join(","),
    schemaRegistryUrl: config.schemaRegistryUrl,
    databaseUrl: config.databaseUrl,
    redisUrl: config.redisUrl,
  };
}
