import { randomBytes } from "node:crypto";
import { inject } from "vitest";
import type { PartnerSettings } from "../../domain/partner.ts";
import type { Environment } from "../../domain/user/user.ts";
import { registerSchemas } from "../../messaging/register-schemas.ts";
import { createTopics } from "../../messaging/topics.ts";
import { freePort } from "../../stack/ports.ts";
import type { StackAddresses } from "../../stack/stack-contract.ts";
import { createKey, FIRST_KEY_PERMISSIONS, type Permission } from "../../storage/configuration/api-keys.ts";
import { createPartner } from "../../storage/configuration/partners.ts";
import type { Database } from "../../storage/orm.ts";
import { freshDatabase } from "./database.ts";
import { connectTestKafka, type TestKafka } from "./kafka.ts";
import { type RunningProcess, spawnProcess } from "./process.ts";

export type ConsumerName = "users" | "cip-results" | "operation-updates" | "timers" | "webhooks" | "parked" | "sandbox";

export interface SystemSettings {
  /** Services of the test's own instead of the run's. */
  readonly services?: Partial<StackAddresses>;
  readonly environment?: Readonly<Record<string, string>>;
  /** Which consumers run, all in one process; every one when left out. */
  readonly consumers?: readonly ConsumerName[];
  readonly partitions?: number;
}

/** A whole system of real processes over the run's stack, apart from every other by database, topics and prefixes. */
export interface System {
  readonly gatewayUrl: string;
  readonly database: Database;
  readonly services: StackAddresses;
  /** The system's topics. */
  readonly connectKafka: () => Promise<TestKafka>;
  readonly environment: Readonly<Record<string, string>>;
  /** A partner with a key of its own; settings as given, else the defaults. */
  readonly newPartner: (partner?: NewPartner) => Promise<{ readonly slug: string; readonly apiKey: string }>;
  readonly gateway: RunningProcess;
  /** The consumers that run now. */
  readonly consumers: () => RunningProcess;
  /** Starts consumers anew, after they were killed or stopped. */
  readonly startConsumers: (names?: readonly ConsumerName[]) => Promise<RunningProcess>;
  readonly stop: () => Promise<void>;
}

export interface NewPartner {
  readonly settings?: Partial<PartnerSettings>;
  readonly environment?: Environment;
  readonly permissions?: readonly Permission[];
}

const EVERY_CONSUMER: readonly ConsumerName[] = [
  "users",
  "cip-results",
  "operation-updates",
  "timers",
  "webhooks",
  "parked",
  "sandbox",
];

/** Starts gateway and consumers and waits until both are ready. Stop it in the file's last hook. */
export async function startSystem(settings: SystemSettings = {}): Promise<System> {
  const services = { ...inject("stack"), ...settings.services };
  const name = `sys${randomBytes(5).toString("hex")}`;
  const { database, url, drop } = await freshDatabase({ databaseUrl: services.databaseUrl });
  const topicPrefix = `${name}.`;
  const brokers = services.kafkaBrokers.split(",");
  await createTopics({ brokers, prefix: topicPrefix, partitions: settings.partitions ?? 4 });
  await registerSchemas({ registryUrl: services.schemaRegistryUrl, prefix: topicPrefix });
  const [gatewayPort, consumersPort] = await Promise.all([freePort(), freePort()]);
  const environment = {
    ...process.env,
    DATABASE_URL: url,
    REDIS_URL: services.redisUrl,
    KAFKA_BROKERS: services.kafkaBrokers,
    SCHEMA_REGISTRY_URL: services.schemaRegistryUrl,
    TOPIC_PREFIX: topicPrefix,
    GROUP_PREFIX: `${name}-`,
    REDIS_PREFIX: `${name}:`,
    SERVER_SECRET: randomBytes(32).toString("hex"),
    GATEWAY_HOST: "127.0.0.1",
    GATEWAY_PORT: String(gatewayPort),
    CONSUMERS_HOST: "127.0.0.1",
    CONSUMERS_PORT: String(consumersPort),
    ALLOW_PRIVATE_TARGETS: "true",
    ENABLE_SANDBOX: "true",
    SANDBOX_DELAY_MS: "20",
    TIMER_INTERVAL_MS: "100",
    LINKS_PER_MINUTE: "100000",
    REQUESTS_PER_MINUTE: "100000",
    ...settings.environment,
  } as Readonly<Record<string, string>>;
  const startConsumers = (names: readonly ConsumerName[] = settings.consumers ?? EVERY_CONSUMER) =>
    spawnProcess({ args: ["consumers/main.ts", ...names], environment, readyUrl: ready(consumersPort) });
  let consumers = await startConsumers();
  const gateway = await spawnProcess({ args: ["gateway/main.ts"], environment, readyUrl: ready(gatewayPort) });
  return {
    gatewayUrl: `http://127.0.0.1:${gatewayPort}`,
    ...{ database, services, environment, gateway },
    connectKafka: () => connectTestKafka({ brokers, registryUrl: services.schemaRegistryUrl, prefix: topicPrefix }),
    newPartner: (partner = {}) => newPartner(database, partner),
    consumers: () => consumers,
    async startConsumers(names) {
      consumers = await startConsumers(names);
      return consumers;
    },
    async stop() {
      await gateway.stop();
      await consumers.stop();
      await drop();
    },
  };
}

function ready(port: number): string {
  return `http://127.0.0.1:${port}/health/ready`;
}

async function newPartner(database: Database, partner: NewPartner): Promise<{ slug: string; apiKey: string }> {
  const slug = `p${randomBytes(4).toString("hex")}`;
  const now = new Date().toISOString();
  const em = database.em();
  await createPartner(em, { slug, name: slug, ...(partner.settings ? { settings: partner.settings } : {}) }, now);
  const { environment = "test", permissions = FIRST_KEY_PERMISSIONS } = partner;
  const key = await createKey(em, { partner: slug, environment, permissions }, now);
  return { slug, apiKey: key.text };
}
