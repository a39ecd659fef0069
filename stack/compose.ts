import { spawn } from "node:child_process";
import { join } from "node:path";
import { makeFolder } from "./folders.ts";
import type { LocalStack, StackOptions, StackPorts } from "./stack-contract.ts";
import { StackError } from "./stack-error.ts";

const PROJECT_FOLDER = join(import.meta.dirname, "..");
const SERVICES = ["postgres", "redis", "kafka", "registry"] as const;

/**
 * Starts the four services of docker-compose.yml, with their ports published at 127.0.0.1 and their data in volumes, and
 * waits until they are healthy. Refuses with a StackError.
 */
export async function startCompose(options: StackOptions): Promise<LocalStack> {
  const { ports, progress } = options;
  await makeFolder(join(options.dir, "logs"));
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
    processes: SERVICES.map((name) => ({ name, pid: undefined, port: ports[name], log: `docker compose logs ${name}` })),
    broken: new Promise(() => undefined),
    stop: () => {
      stopping ??= compose(["stop", ...SERVICES], { ...options, signal: undefined });
      return stopping;
    },
  };
}

/** Runs docker compose on this project's file; what it prints goes to the person at the terminal. */
function compose(call: readonly string[], options: StackOptions): Promise<void> {
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
