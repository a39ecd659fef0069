import { join } from "node:path";
import { registerSchemas } from "../messaging/register-schemas.ts";
import { createTopics } from "../messaging/topics.ts";
import { type Config, ConfigError, loadConfig } from "../runtime/config.ts";
import type { StackAddresses } from "../stack/stack-contract.ts";
import { StackError } from "../stack/stack-error.ts";
import { seedDemo } from "../storage/configuration/seed-demo.ts";
import { migrate } from "../storage/migrate.ts";
import { type Demo, lastApiKey, loadSecrets, writeDemo } from "./stack-files.ts";
import type { StartContext } from "./stack-run.ts";
import type { StackSettings } from "./stack-settings.ts";
import type { Prepared, Product } from "./stack-system.ts";

const PROJECT_FOLDER = join(import.meta.dirname, "..");
const CONSUMERS = ["users", "cip-results", "operation-updates", "timers", "webhooks", "sandbox"];
/** On top of the time a process gives itself, for Node to end. */
const STOP_MARGIN_MS = 5_000;

/** Prepared for a demonstration. */
export interface LocalPrepared extends Prepared {
  readonly demo: Demo;
}

/** Gateway and consumers with the sandbox, on a migrated database, with a demo partner and demo.json for scripts. */
export function localProduct({ settings, progress }: StartContext): Product<LocalPrepared> {
  return {
    processes: [
      { name: "gateway", port: settings.gatewayPort, script: main("gateway"), arguments: [] },
      { name: "consumers", port: settings.consumersPort, script: main("consumers"), arguments: CONSUMERS },
    ],
    prepare: async (addresses) => {
      const done = progress.waitFor("tables, topics, schemas and the demo partner");
      const prepared = await prepare(settings, addresses).finally(done);
      progress.say("tables, topics, schemas and the demo partner are there");
      return prepared;
    },
  };
}

function main(folder: string): string {
  return join(PROJECT_FOLDER, folder, "main.ts");
}

async function prepare(settings: StackSettings, addresses: StackAddresses): Promise<LocalPrepared> {
  const environment = await localEnvironment(settings, addresses);
  const config = load(environment);
  const { databaseUrl, kafkaBrokers: brokers, topicPrefix: prefix, topicPartitions: partitions } = config;
  const [{ apiKey }] = await Promise.all([
    step("migrate the database", migrate(databaseUrl)).then(async () =>
      step("add the demo partner", seedDemo(await demoPartner(settings, databaseUrl))),
    ),
    step("create the topics", createTopics({ brokers, prefix, partitions })),
    step("register the schemas", registerSchemas({ registryUrl: config.schemaRegistryUrl, prefix })),
  ]);
  const demo = toDemo(config, addresses, apiKey);
  await writeDemo(settings.dir, demo);
  return { demo, environment, stopWithinMs: config.shutdownTimeoutMs + STOP_MARGIN_MS };
}

function load(environment: Readonly<Record<string, string>>): Config {
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

/** What is in the environment counts; where it is silent, what fits a machine of one's own. */
async function localEnvironment(settings: StackSettings, addresses: StackAddresses): Promise<Record<string, string>> {
  const { serverSecret, adminKey } = await loadSecrets(settings.dir);
  return {
    SERVER_SECRET: serverSecret,
    ADMIN_KEY: adminKey,
    GATEWAY_HOST: "127.0.0.1",
    CONSUMERS_HOST: "127.0.0.1",
    ALLOW_PRIVATE_TARGETS: "true",
    ENABLE_SANDBOX: "true",
    ...withoutBlanks(settings.environment),
    GATEWAY_PORT: String(settings.gatewayPort),
    CONSUMERS_PORT: String(settings.consumersPort),
    DATABASE_URL: addresses.databaseUrl,
    REDIS_URL: addresses.redisUrl,
    KAFKA_BROKERS: addresses.kafkaBrokers,
    SCHEMA_REGISTRY_URL: addresses.schemaRegistryUrl,
  };
}

function withoutBlanks(environment: StackSettings["environment"]): Record<string, string> {
  const set = Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== "");
  return Object.fromEntries(set) as Record<string, string>;
}

async function demoPartner(settings: StackSettings, databaseUrl: string) {
  const apiKey = await lastApiKey(settings.dir);
  return { databaseUrl, ...(apiKey === undefined ? {} : { apiKey }) };
}

function toDemo(config: Config, addresses: StackAddresses, apiKey: string): Demo {
  return {
    gatewayUrl: config.gatewayUrl,
    widgetBaseUrl: config.widgetBaseUrl,
    apiKey,
    adminKey: config.adminKey ?? "",
    kafkaBrokers: addresses.kafkaBrokers,
    schemaRegistryUrl: addresses.schemaRegistryUrl,
    databaseUrl: addresses.databaseUrl,
    redisUrl: addresses.redisUrl,
  };
}
