import { chmod, mkdir, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { startKafka } from "../../stack/kafka.ts";
import { stopLeftovers } from "../../stack/leftovers.ts";
import { fetchPart, type MavenPart } from "../../stack/maven.ts";
import { findNativeTools } from "../../stack/native-tools.ts";
import { freePort } from "../../stack/ports.ts";
import { startPostgres } from "../../stack/postgres.ts";
import { createProgress, silentProgress } from "../../stack/progress.ts";
import { bundledRedis, startRedis } from "../../stack/redis.ts";
import { startRegistry } from "../../stack/registry.ts";
import type { Service } from "../../stack/service-process.ts";
import type { StackAddresses } from "../../stack/stack-contract.ts";
import { StackError } from "../../stack/stack-error.ts";

/** What can be killed and started again on its own data and port. */
export const SERVICE_NAMES = ["postgres", "kafka", "redis", "registry"] as const;

export type ServiceName = (typeof SERVICE_NAMES)[number];

/** Postgres, Kafka, Redis and the registry, each in the hand of the benchmark. */
export interface Services extends StackAddresses {
  readonly of: (name: ServiceName) => Service;
  /** kill -9, with everything it has started; resolves when it is gone. */
  readonly kill: (name: ServiceName) => Promise<void>;
  /** Starts it again where it was, and waits until it answers. */
  readonly restart: (name: ServiceName) => Promise<void>;
  readonly stop: () => Promise<void>;
}

const FOLDER = join(import.meta.dirname, "..", "..", ".bench-stack");

/** Starts services of a benchmark's own with fresh data. Needs Java and Maven, as the local stack does. */
export async function startServices(): Promise<Services> {
  const dir = join(FOLDER, `run-${process.pid}`);
  await mkdir(dir, { recursive: true });
  await chmod(dir, 0o755);
  const starters = await createStarters(dir);
  const running = new Map<ServiceName, Service>();
  const start = async (name: ServiceName) => void running.set(name, await starters[name]());
  await Promise.all([start("postgres").then(() => start("registry")), start("kafka"), start("redis")]);
  const of = (name: ServiceName) => {
    const service = running.get(name);
    if (service === undefined) throw new Error(`${name} does not run`);
    return service;
  };
  const port = (name: ServiceName) => of(name).port;
  return {
    databaseUrl: postgresUrl(port("postgres"), "m2m"),
    redisUrl: `redis://127.0.0.1:${port("redis")}`,
    kafkaBrokers: `127.0.0.1:${port("kafka")}`,
    schemaRegistryUrl: `http://127.0.0.1:${port("registry")}/apis/ccompat/v7`,
    of,
    kill: (name) => of(name).kill(),
    restart: start,
    stop: async () => {
      for (const name of ["registry", "kafka", "redis", "postgres"] as const) await of(name).stop();
      await stopLeftovers(dir, silentProgress());
      await rm(dir, { recursive: true, force: true });
    },
  };
}

type Starters = Readonly<Record<ServiceName, () => Promise<Service>>>;

async function createStarters(dir: string): Promise<Starters> {
  const found = await findNativeTools(process.env, homedir());
  if (found.kind === "missing")
    throw new StackError(`The webhook benchmarks start services: there is ${found.sentence}.`);
  const { tools } = found;
  const progress = createProgress({ print: (line) => console.error(line) });
  const fetch = (part: MavenPart) => fetchPart(part, { ...tools.maven, progress });
  const java = tools.java.executable;
  const libraries = await fetch("kafka");
  const program = await fetch("registry");
  const executable = tools.redis ?? (await bundledRedis(await fetch("redis")));
  progress.close();
  const [postgres, kafka, redis, registry] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const databaseUrl = postgresUrl(postgres, "registry");
  return {
    postgres: () => startPostgres({ dir, port: postgres, databases: ["m2m", "registry"] }),
    kafka: () => startKafka({ dir, port: kafka, java, libraries }),
    redis: () => startRedis({ dir, port: redis, executable }),
    registry: () => startRegistry({ dir, port: registry, java, program, databaseUrl }),
  };
}

/** The user and password are those of stack/postgres.ts: it listens on loopback only and holds made-up data. */
function postgresUrl(port: number, database: string): string {
  return `postgres://m2m:m2m@127.0.0.1:${port}/${database}`;
}
