import { chmod, mkdtemp } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { inject } from "vitest";
import { type KafkaService, startKafka } from "../../stack/kafka.ts";
import { fetchPart } from "../../stack/maven.ts";
import { findNativeTools, type NativeTools } from "../../stack/native-tools.ts";
import { freePort } from "../../stack/ports.ts";
import { type PostgresService, startPostgres } from "../../stack/postgres.ts";
import { silentProgress } from "../../stack/progress.ts";
import { bundledRedis, type RedisService, startRedis } from "../../stack/redis.ts";
import { StackError } from "../../stack/stack-error.ts";

/** Where a service runs. To start it again on the same data and port after `stop` or `kill`, pass this on. */
export interface ServicePlace {
  readonly dir: string;
  readonly port: number;
}

/**
 * A Redis of a test's own, which it may pause, kill and start again without disturbing its neighbours. What is still
 * running when the run ends is ended then. Refuses with a StackError.
 */
export async function startPrivateRedis(place?: ServicePlace): Promise<RedisService & ServicePlace> {
  const { dir, port } = place ?? (await newPlace("redis"));
  const tools = await nativeTools();
  const executable =
    tools.redis ?? (await bundledRedis(await fetchPart("redis", { ...tools.maven, progress: silentProgress() })));
  return { ...(await startRedis({ dir, port, executable })), dir };
}

/** A Kafka of a test's own; see startPrivateRedis. Takes about 4 s. */
export async function startPrivateKafka(place?: ServicePlace): Promise<KafkaService & ServicePlace> {
  const { dir, port } = place ?? (await newPlace("kafka"));
  const tools = await nativeTools();
  const libraries = await fetchPart("kafka", { ...tools.maven, progress: silentProgress() });
  return { ...(await startKafka({ dir, port, java: tools.java.executable, libraries })), dir };
}

/** A Postgres of a test's own with one database `m2m`; see startPrivateRedis. Takes about 2 s. */
export async function startPrivatePostgres(place?: ServicePlace): Promise<PostgresService & ServicePlace> {
  const { dir, port } = place ?? (await newPlace("postgres"));
  return { ...(await startPostgres({ dir, port })), dir };
}

async function newPlace(name: string): Promise<ServicePlace> {
  const dir = await mkdtemp(join(inject("stackFolder"), `${name}-`));
  // Postgres, run by root, runs as somebody else, who must be able to enter.
  await chmod(dir, 0o755);
  return { dir, port: await freePort() };
}

async function nativeTools(): Promise<NativeTools> {
  const found = await findNativeTools(process.env, homedir());
  if (found.kind === "missing")
    throw new StackError(`A test needs services of its own, but there is ${found.sentence}.`);
  return found.tools;
}
