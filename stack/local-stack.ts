import { homedir } from "node:os";
import { startCompose } from "./compose.ts";
import { findComposeEngine } from "./compose-engine.ts";
import { addressesFromEnvironment, useExternal } from "./external.ts";
import { startNative } from "./native.ts";
import { findNativeTools } from "./native-tools.ts";
import type { LocalStack, StackOptions } from "./stack-contract.ts";
import { StackError } from "./stack-error.ts";

/**
 * Brings up Postgres, Redis, Kafka and a schema registry: the ones whose addresses are in the environment, else native
 * processes when Java and Maven are there, else containers when an engine answers. `mode` forces one of the three
 * (`none` = only addresses from the environment). Refuses with a StackError of one sentence that says what to do.
 */
export async function startLocalStack(options: StackOptions): Promise<LocalStack> {
  const { mode, environment, progress } = options;
  const addresses = mode === "auto" || mode === "none" ? addressesFromEnvironment(environment) : undefined;
  if (addresses !== undefined) return useExternal(addresses, options);
  if (mode === "none") throw new StackError(`STACK=none, but there are no addresses: ${ADDRESSES}.`);
  const native = mode === "compose" ? undefined : await findNativeTools(environment, userFolder(environment));
  if (native?.kind === "found") {
    progress.say(`starting the local stack with Java ${native.tools.java.majorVersion} (${native.tools.java.home})`);
    return startNative(options, native.tools);
  }
  if (mode === "native") throw new StackError(`STACK=native, but there is ${native?.sentence}.`);
  const engine = await findComposeEngine(environment);
  if (engine.kind === "found") return startCompose(options);
  throw new StackError(
    mode === "compose" ? `STACK=compose, but ${engine.sentence}.` : threeWays(native?.sentence, engine.sentence),
  );
}

const ADDRESSES = "set DATABASE_URL, REDIS_URL, KAFKA_BROKERS and SCHEMA_REGISTRY_URL";

function threeWays(native: string | undefined, compose: string): string {
  return [
    "There is nothing to run Postgres, Redis, Kafka and the schema registry with. One of these three will do:",
    `  1. ${ADDRESSES} to running ones;`,
    `  2. install a JDK 21 or newer and Maven (now: ${native});`,
    `  3. start a container engine with docker compose (now: ${compose}).`,
  ].join("\n");
}

function userFolder(environment: StackOptions["environment"]): string {
  return environment["HOME"] ?? homedir();
}
