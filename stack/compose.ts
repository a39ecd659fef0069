import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeStackFolder } from "./folders.ts";
import type { LocalStack, StackOptions, StackPorts } from "./stack-contract.ts";
import { StackError } from "./stack-error.ts";

const PROJECT_FOLDER = join(import.meta.dirname, "..");
const STARTED = "started";
const SERVICES = ["postgres", "redis", "kafka", "registry"] as const;

/**
 * Starts the four services of docker-compose.yml, with their ports published at 127.0.0.1 and their data in volumes, and
 * waits until they are healthy. Refuses with a StackError.
 */
export async function startCompose(options: StackOptions): Promise<LocalStack> {
  const { ports, progress } = options;
  await makeStackFolder(options.dir);
  await writeFile(markerFile(options.dir), STARTED);
  const done = progress.waitFor("docker compose: pull and start postgres, redis, kafka, registry");
  try {
    await compose(["up", "--detach", "--wait", ...SERVICES], options);
  } finally {
    done();
  }
  let stopping: Promise<void> | undefined;
  return {
    databaseUrl: `postgres://m2m:m2m@127.0.0.1:${ports.postgres}/m2m`,
    redisUrl: `redis://127.0.0.1:${ports.redis}`,
    kafkaBrokers: `127.0.0.1:${ports.kafka}`,
    schemaRegistryUrl: `http://127.0.0.1:${ports.registry}/apis/ccompat/v7`,
    processes: SERVICES.map((name) => ({
      name,
      pid: undefined,
      port: ports[name],
      log: `docker compose logs ${name}`,
    })),
    broken: new Promise(() => undefined),
    stop: () => {
      stopping ??= stopCompose(options);
      return stopping;
    },
  };
}

/** Whether a stack's folder was ever started as containers, and whether they run still. */
export async function composeUse(dir: string): Promise<"never" | "stopped" | "started"> {
  const marker = await readFile(markerFile(dir), "utf8").catch(() => undefined);
  if (marker === undefined) return "never";
  return marker === STARTED ? "started" : "stopped";
}

/** Stops the containers; their data stays. Refuses with a StackError. */
export async function stopCompose(options: ComposeOptions): Promise<void> {
  await compose(["stop", ...SERVICES], { ...options, signal: undefined });
  await writeFile(markerFile(options.dir), "stopped");
}

/** Removes the containers with their data. Refuses with a StackError. */
export async function removeCompose(options: ComposeOptions): Promise<void> {
  await compose(["down", "--volumes"], { ...options, signal: undefined });
}

/** What docker compose is called with. */
export type ComposeOptions = Pick<StackOptions, "dir" | "ports" | "environment" | "signal">;

function markerFile(dir: string): string {
  return join(dir, "compose");
}

/** Runs docker compose on this project's file; what it prints goes to the person at the terminal. */
function compose(call: readonly string[], options: ComposeOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("docker", ["compose", ...call], {
      cwd: PROJECT_FOLDER,
      env: { ...options.environment, ...portVariables(options.ports) },
      stdio: ["ignore", "inherit", "inherit"],
      signal: options.signal,
    });
    child.once("error", (error) => reject(new StackError(`docker cannot be run: ${error.message}.`, { cause: error })));
    child.once("exit", (code) => {
      if (code === 0) resolve();
      else reject(new StackError(`"docker compose ${call.join(" ")}" ended with code ${code}.`));
    });
  });
}

function portVariables(ports: StackPorts): Readonly<Record<string, string>> {
  return {
    POSTGRES_PORT: String(ports.postgres),
    REDIS_PORT: String(ports.redis),
    KAFKA_PORT: String(ports.kafka),
    REGISTRY_PORT: String(ports.registry),
  };
}
