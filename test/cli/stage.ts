import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import type { Json } from "../support/http.ts";
import { type ConsumerName, type System, startSystem } from "../support/system.ts";
import { type CliRun, type CliSurroundings, runCli } from "./run-cli.ts";

/** A whole system and the command line, told of it by its environment. */
export interface CliStage {
  readonly system: System;
  readonly environment: Readonly<Record<string, string>>;
  /** Where the command line looks for a local stack and keeps what it remembers. */
  readonly folder: string;
  readonly cli: (argv: readonly string[], surroundings?: CliSurroundings) => Promise<CliRun>;
  /** The document of a command that must succeed. */
  readonly done: (...argv: readonly string[]) => Promise<Json>;
  /** The error of a command that must be refused. */
  readonly refused: (...argv: readonly string[]) => Promise<Json>;
  readonly stop: () => Promise<void>;
}

/** Starts the system with a partner whose key the command line has. */
export async function startCliStage(consumers: readonly ConsumerName[]): Promise<CliStage> {
  const folder = await mkdtemp(join(tmpdir(), "m2m-cli-"));
  const system = await startSystem({ consumers, environment: { ADMIN_KEY: "an-admin-key-for-tests" } });
  const { apiKey } = await system.newPartner();
  const environment = {
    ...system.environment,
    ...{ STACK_DIR: folder, GATEWAY_URL: system.gatewayUrl, API_KEY: apiKey, TOPIC_PARTITIONS: "4" },
  };
  const cli: CliStage["cli"] = (argv, surroundings = {}) =>
    runCli(argv, { ...surroundings, environment: { ...environment, ...surroundings.environment } });
  const ended = async (argv: readonly string[], exitCode: number): Promise<Json> => {
    const ran = await cli([...argv, "--json"]);
    expect(ran, `${argv.join(" ")}: ${ran.out}`).toMatchObject({ exitCode });
    return ran.json();
  };
  return {
    ...{ system, environment, folder, cli },
    done: (...argv) => ended(argv, 0),
    refused: async (...argv) => (await ended(argv, 1)).error,
    stop: async () => {
      await system.stop();
      await rm(folder, { recursive: true });
    },
  };
}
