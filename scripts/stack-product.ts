import { join } from "node:path";
import type { StackAddresses } from "../stack/stack-contract.ts";
import { type Demo, loadSecrets } from "./stack-files.ts";
import { configurationIn, prepareProduct } from "./stack-preparation.ts";
import type { StartContext } from "./stack-run.ts";
import type { StackSettings } from "./stack-settings.ts";
import type { Prepared, Product } from "./stack-system.ts";

const PROJECT_FOLDER = join(import.meta.dirname, "..");
/** On top of the time a process gives itself, for Node to end. */
const STOP_MARGIN_MS = 5_000;

/** Prepared for a demonstration. */
export interface LocalPrepared extends Prepared {
  readonly demo: Demo;
}

/**
 * Gateway and all consumers, with the sandbox unless ENABLE_SANDBOX says otherwise, on a migrated database with a demo
 * partner, and demo.json for scripts.
 */
export function localProduct({ settings, progress }: StartContext): Product<LocalPrepared> {
  return {
    processes: [
      { name: "gateway", port: settings.gatewayPort, script: main("gateway"), arguments: [] },
      { name: "consumers", port: settings.consumersPort, script: main("consumers"), arguments: [] },
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
  const config = configurationIn(environment);
  const demo = await prepareProduct(settings.dir, config);
  return { demo, environment, stopWithinMs: config.shutdownTimeoutMs + STOP_MARGIN_MS };
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
