import { makeStackFolder } from "./folders.ts";
import { type KafkaService, startKafka } from "./kafka.ts";
import { stopLeftovers } from "./leftovers.ts";
import { fetchPart, type MavenPart } from "./maven.ts";
import type { NativeTools } from "./native-tools.ts";
import { requireFreePort } from "./ports.ts";
import { type PostgresService, startPostgres } from "./postgres.ts";
import { bundledRedis, type RedisService, startRedis } from "./redis.ts";
import { type RegistryService, startRegistry } from "./registry.ts";
import { lastLines, type Service } from "./service-process.ts";
import { settleTogether } from "./settle-together.ts";
import type { LocalStack, StackOptions } from "./stack-contract.ts";

interface Started {
  readonly postgres: PostgresService;
  readonly redis: RedisService;
  readonly kafka: KafkaService;
  readonly registry: RegistryService;
}

const DATABASE = "m2m";
const REGISTRY_DATABASE = "registry";

/**
 * Starts Postgres, Redis, Kafka and the registry as processes of this machine, side by side, after ending what an earlier
 * start left behind. Refuses with a StackError, with nothing left running, when one of them does not come up.
 */
export async function startNative(options: StackOptions, tools: NativeTools): Promise<LocalStack> {
  await makeStackFolder(options.dir);
  await stopLeftovers(options.dir, options.progress);
  for (const [name, port] of Object.entries(options.ports)) await requireFreePort(port, name);
  const running: Service[] = [];
  const failure = new AbortController();
  const signal = AbortSignal.any([failure.signal, ...(options.signal === undefined ? [] : [options.signal])]);
  const starting = startAll({ ...options, signal }, tools, running);
  try {
    await settleTogether(Object.values(starting), failure);
    const [postgres, redis, kafka, registry] = await Promise.all([
      starting.postgres,
      starting.redis,
      starting.kafka,
      starting.registry,
    ]);
    return toStack({ postgres, redis, kafka, registry }, running);
  } catch (error) {
    await stopAll(running);
    throw error;
  }
}

type Starting = { readonly [Name in keyof Started]: Promise<Started[Name]> };

function startAll(options: StackOptions, tools: NativeTools, running: Service[]): Starting {
  const { dir, ports, signal, progress } = options;
  const java = tools.java.executable;
  const fetch = (part: MavenPart) => fetchPart(part, { ...tools.maven, progress, signal });
  const start = async <S extends Service>(name: string, starter: () => Promise<S>): Promise<S> => {
    const done = progress.waitFor(`${name}: start`);
    const startedAt = performance.now();
    const service = await starter().finally(done);
    running.push(service);
    progress.say(`${name}: ready on port ${service.port} after ${Math.round(performance.now() - startedAt)} ms`);
    return service;
  };
  const libraries = fetch("kafka");
  // One Maven after the other, what is small first: the rest starts while the registry is still being fetched.
  const redisProgram = tools.redis ?? libraries.then(() => fetch("redis")).then(bundledRedis);
  const registryProgram = Promise.allSettled([libraries, redisProgram]).then(() => fetch("registry"));
  const databases = [DATABASE, REGISTRY_DATABASE];
  const postgres = start("postgres", () => startPostgres({ dir, port: ports.postgres, databases, signal }));
  return {
    postgres,
    kafka: libraries.then((folder) =>
      start("kafka", () => startKafka({ dir, port: ports.kafka, java, libraries: folder, signal })),
    ),
    redis: Promise.resolve(redisProgram).then((executable) =>
      start("redis", () => startRedis({ dir, port: ports.redis, executable, signal })),
    ),
    registry: Promise.all([registryProgram, postgres]).then(([program, { url }]) =>
      start("registry", () =>
        startRegistry({ dir, port: ports.registry, java, program, databaseUrl: url(REGISTRY_DATABASE), signal }),
      ),
    ),
  };
}

function toStack(started: Started, running: readonly Service[]): LocalStack {
  let stopping: Promise<void> | undefined;
  const broken = Promise.race(
    running.map(async (service) => {
      const how = await service.ended;
      return `${service.name} has gone: ${how}. ${await lastLines(service.log)}`;
    }),
  );
  return {
    databaseUrl: started.postgres.url(DATABASE),
    redisUrl: started.redis.url,
    kafkaBrokers: started.kafka.brokers,
    schemaRegistryUrl: started.registry.url,
    processes: [started.postgres, started.redis, started.kafka, started.registry].map(({ name, pid, port, log }) => ({
      name,
      pid,
      port,
      log,
    })),
    broken: broken.then((sentence) => (stopping === undefined ? sentence : new Promise<never>(() => undefined))),
    stop: () => {
      stopping ??= stopAll(running);
      return stopping;
    },
  };
}

/** The registry needs Postgres to end in good order; the others need nobody. */
async function stopAll(running: readonly Service[]): Promise<void> {
  const dependent = running.filter((service) => service.name !== "postgres");
  await Promise.all(dependent.map((service) => service.stop()));
  await Promise.all(running.map((service) => service.stop()));
}
