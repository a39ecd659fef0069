import { chmod, writeFile } from "node:fs/promises";
import { arch, platform } from "node:os";
import { join } from "node:path";
import { exists } from "./exists.ts";
import { findOnPath } from "./find-on-path.ts";
import { logFile, makeFolder, serviceFolder } from "./folders.ts";
import { pidFile } from "./leftovers.ts";
import { redisAnswers } from "./probes.ts";
import { type Service, startService } from "./service-process.ts";
import { StackError } from "./stack-error.ts";

/** A running Redis and its address. */
export interface RedisService extends Service {
  readonly url: string;
}

/** What a Redis needs: `executable` is a redis-server or valkey-server. */
export interface RedisOptions {
  readonly dir: string;
  readonly port: number;
  readonly executable: string;
  readonly signal?: AbortSignal | undefined;
}

/** The binaries in Maven's embedded-redis 1.4.4, by platform and processor as Node names them. */
const BUNDLED: Readonly<Record<string, string>> = {
  "linux-x64": "redis-server-6.2.6-v5-linux-amd64",
  "linux-arm64": "redis-server-6.2.7-linux-arm64",
  "darwin-x64": "redis-server-6.2.6-v5-darwin-amd64",
  "darwin-arm64": "redis-server-6.2.6-v5-darwin-arm64",
};

/** Starts a Redis at 127.0.0.1 with its data in `<dir>/redis`. Refuses with a StackError. */
export async function startRedis({ dir, port, executable, signal }: RedisOptions): Promise<RedisService> {
  const folder = serviceFolder(dir, "redis");
  await makeFolder(folder);
  const configuration = join(folder, "redis.conf");
  await writeFile(configuration, settings(folder, port));
  const service = await startService({
    name: "redis",
    port,
    executable,
    arguments: [configuration],
    environment: { LC_ALL: "C", TZ: "UTC" },
    workingFolder: folder,
    log: logFile(dir, "redis"),
    pidFile: pidFile(dir, "redis"),
    // Redis replaces its command line by its own title.
    marker: `127.0.0.1:${port}`,
    stopSignal: "SIGTERM",
    stopWithinMs: 5_000,
    readyWithinMs: 30_000,
    isReady: () => redisAnswers(port),
    signal,
  });
  return { ...service, url: `redis://127.0.0.1:${port}` };
}

/** `redis-server` or `valkey-server` on the PATH; undefined when neither is there. */
export async function installedRedis(searchPath: string): Promise<string | undefined> {
  return (await findOnPath("redis-server", searchPath)) ?? (await findOnPath("valkey-server", searchPath));
}

/** The binary for this machine in the unpacked embedded-redis. Refuses with a StackError when there is none. */
export async function bundledRedis(folder: string): Promise<string> {
  const name = BUNDLED[`${platform()}-${arch()}`];
  const file = name === undefined ? undefined : join(folder, name);
  if (file === undefined || !(await exists(file))) {
    throw new StackError(
      `There is no Redis for ${platform()} ${arch()} to fetch: install redis-server or valkey-server.`,
    );
  }
  await chmod(file, 0o755);
  return file;
}

function settings(folder: string, port: number): string {
  const lines = [
    "bind 127.0.0.1",
    `port ${port}`,
    `dir "${folder}"`,
    "daemonize no",
    // Redis is never the truth here: a snapshot now and then and at the end is enough.
    "save 60 1",
    "appendonly no",
    "stop-writes-on-bgsave-error no",
  ];
  return `${lines.join("\n")}\n`;
}
