import { randomBytes } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { registerSchemas } from "../../messaging/register-schemas.ts";
import { createTopics } from "../../messaging/topics.ts";
import { createLog } from "../../runtime/log.ts";
import { freePort } from "../../stack/ports.ts";
import type { StackAddresses } from "../../stack/stack-contract.ts";
import { createKey, FIRST_KEY_PERMISSIONS } from "../../storage/configuration/api-keys.ts";
import { createPartner } from "../../storage/configuration/partners.ts";
import { createEndpoint, type NewEndpoint } from "../../storage/configuration/webhook-endpoints.ts";
import { migrate } from "../../storage/migrate.ts";
import { createDatabase, type Database } from "../../storage/orm.ts";
import { createSealing } from "../../storage/sealing.ts";
import { runSql } from "../../storage/sql.ts";
import { type Child, startProduct, startSpeaking } from "./child.ts";
import type { GeneratorPlan, GeneratorReport } from "./generator.ts";
import { type Receiver, startReceiver } from "./receiver-client.ts";
import { type Supervised, supervise } from "./supervise.ts";

/** A system of a benchmark's own on shared services: database, topics, receiver and processes. */
export interface BenchStage {
  readonly receiver: Receiver;
  readonly environment: Readonly<Record<string, string>>;
  readonly addPartner: (slug: string) => Promise<void>;
  /** Adds an endpoint at a path of the receiver; everything else as given or by default. */
  readonly addEndpoint: (
    partner: string,
    endpoint: Partial<NewEndpoint> & { readonly path: string },
  ) => Promise<string>;
  /** Starts processes of the product: `webhooks` for the webhooks consumer alone. */
  readonly startConsumers: (names: readonly string[], own?: Readonly<Record<string, string>>) => Promise<Child>;
  /** The text of a key of this partner. */
  readonly addKey: (partner: string) => Promise<string>;
  /** Keeps a process running: whenever it ends, it is started again, until the stage stops. */
  readonly supervise: (args: readonly string[], own?: Readonly<Record<string, string>>) => Promise<Supervised>;
  readonly startGateway: (
    own?: Readonly<Record<string, string>>,
  ) => Promise<{ readonly child: Child; readonly url: string }>;
  readonly generate: (plan: Omit<GeneratorPlan, "brokers" | "registryUrl" | "prefix">) => Promise<GeneratorReport>;
  readonly rows: <Row>(sql: string, parameters?: readonly unknown[]) => Promise<Row[]>;
  /** How many lines the consumers have logged so far. */
  readonly logLines: () => Promise<number>;
  readonly stop: () => Promise<void>;
}

const SERVER_SECRET = "the server secret of the benchmarks, long enough";
const LOGS = join(import.meta.dirname, "..", "..", ".bench-stack", "logs");
const REGISTRY_TRIES = 40;
const REGISTRY_PAUSE_MS = 500;
const silent = createLog({ level: "silent", component: "bench" });

/** Makes a database and topics that nobody else uses, and starts a receiver. */
export async function openStage(services: StackAddresses): Promise<BenchStage> {
  const name = `bench${randomBytes(4).toString("hex")}`;
  const databaseUrl = await newDatabase(services.databaseUrl, name);
  const prefix = `${name}.`;
  const brokers = services.kafkaBrokers.split(",");
  const registryUrl = services.schemaRegistryUrl;
  await createTopics({ brokers, prefix, partitions: 24 });
  await untilRegistered({ registryUrl, prefix });
  const database = await openDatabase(databaseUrl);
  const receiver = await startReceiver();
  await mkdir(LOGS, { recursive: true });
  const logFileOf = (args: readonly string[]) => join(LOGS, `${name}-${args[0]?.split("/")[0]}.log`);
  const environment = environmentOf(services, { name, databaseUrl });
  const children: Child[] = [];
  const start = async (args: readonly string[], own: Readonly<Record<string, string>>, port: number) => {
    const readyUrl = `http://127.0.0.1:${port}/health/ready`;
    const child = await startProduct({
      args,
      environment: { ...environment, ...own },
      logFile: logFileOf(args),
      readyUrl,
    });
    children.push(child);
    return child;
  };
  const ending: (() => Promise<void>)[] = [];
  return {
    ...{ receiver, environment },
    ...configurationOf(database, receiver),
    startConsumers: async (names, own = {}) => {
      const port = await freePort();
      return start(["consumers/main.ts", ...names], { CONSUMERS_PORT: String(port), ...own }, port);
    },
    startGateway: async (own = {}) => {
      const port = await freePort();
      const child = await start(["gateway/main.ts"], { GATEWAY_PORT: String(port), ...own }, port);
      return { child, url: `http://127.0.0.1:${port}` };
    },
    supervise: async (args, own = {}) => {
      const port = await freePort();
      const ports = { CONSUMERS_PORT: String(port), GATEWAY_PORT: String(port), ...own };
      const readyUrl = `http://127.0.0.1:${port}/health/ready`;
      const supervised = supervise({
        args,
        environment: { ...environment, ...ports },
        logFile: logFileOf(args),
        readyUrl,
      });
      ending.push(supervised.stop);
      return supervised;
    },
    generate: async (plan) => {
      const whole: GeneratorPlan = { ...plan, brokers, registryUrl, prefix };
      return (await startSpeaking("bench/webhooks/generator.ts", JSON.stringify(whole)).next()) as GeneratorReport;
    },
    rows: (sql, parameters = []) => runSql(database.em(), sql, parameters),
    logLines: async () => (await readFile(logFileOf(["consumers/"]), "utf8").catch(() => "")).split("\n").length - 1,
    stop: async () => {
      await Promise.all([...children.map(ended), ...ending.map((end) => end())]);
      await receiver.stop();
      await database.close();
      await dropDatabase(services.databaseUrl, name);
    },
  };
}

function configurationOf(
  database: Database,
  receiver: Receiver,
): Pick<BenchStage, "addPartner" | "addKey" | "addEndpoint"> {
  const sealing = createSealing(SERVER_SECRET);
  const now = () => new Date().toISOString();
  return {
    addPartner: async (slug) => void (await createPartner(database.em(), { slug, name: slug }, now())),
    addKey: async (partner) => {
      const key = { partner, environment: "test", permissions: FIRST_KEY_PERMISSIONS } as const;
      return (await createKey(database.em(), key, now())).text;
    },
    addEndpoint: async (partner, { path, ...endpoint }) => {
      const url = receiver.url(path);
      const whole = {
        url,
        events: null,
        description: null,
        schedule: null,
        rateLimit: null,
        strictOrder: false,
        ...endpoint,
      };
      const scope = { partner, environment: "test" } as const;
      const created = await createEndpoint(database.em(), { scope, endpoint: whole }, { sealing, now: now() });
      if (created === null) throw new Error(`${partner} has too many endpoints`);
      return created.endpoint.endpointId;
    },
  };
}

function environmentOf(services: StackAddresses, own: { readonly name: string; readonly databaseUrl: string }) {
  return {
    DATABASE_URL: own.databaseUrl,
    REDIS_URL: services.redisUrl,
    REDIS_PREFIX: `${own.name}:`,
    KAFKA_BROKERS: services.kafkaBrokers,
    SCHEMA_REGISTRY_URL: services.schemaRegistryUrl,
    TOPIC_PREFIX: `${own.name}.`,
    GROUP_PREFIX: `${own.name}-`,
    SERVER_SECRET,
    GATEWAY_HOST: "127.0.0.1",
    CONSUMERS_HOST: "127.0.0.1",
    ALLOW_PRIVATE_TARGETS: "true",
    WEBHOOK_TIMEOUT_MS: "10000",
    LINKS_PER_MINUTE: "1000000",
    REQUESTS_PER_MINUTE: "1000000",
  };
}

/** After Postgres was killed each of the registry's old connections fails once. */
async function untilRegistered(settings: Parameters<typeof registerSchemas>[0]): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await registerSchemas(settings);
      return;
    } catch (error) {
      if (tries >= REGISTRY_TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, REGISTRY_PAUSE_MS));
    }
  }
}

/** Asks it to stop; kills it when it takes too long. */
async function ended(child: Child): Promise<void> {
  child.signal("SIGTERM");
  const timer = setTimeout(() => child.signal("SIGKILL"), 20_000);
  await child.exited;
  clearTimeout(timer);
}

async function newDatabase(serverUrl: string, name: string): Promise<string> {
  const server = await openDatabase(serverUrl);
  await server.em().execute(`create database ${name}`);
  await server.close();
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await migrate(url.href);
  return url.href;
}

async function dropDatabase(serverUrl: string, name: string): Promise<void> {
  const server = await openDatabase(serverUrl);
  await server.em().execute(`drop database ${name} with (force)`);
  await server.close();
}

function openDatabase(url: string): Promise<Database> {
  return createDatabase({
    ...{ url, poolSize: 4, applicationName: "m2m-bench", log: silent },
    ...{ lockTimeoutMs: 60_000, idleInTransactionTimeoutMs: 60_000, statementTimeoutMs: 300_000 },
  });
}
