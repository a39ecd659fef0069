import { resolve } from "node:path";
import { OPTIONS } from "../runtime/config.ts";
import { camelCase, type Environment, type OptionTable, parseOptions, type ValuesOf } from "../runtime/options.ts";
import type { StackPorts } from "../stack/stack-contract.ts";
import { StackError } from "../stack/stack-error.ts";

const PORT = { type: "integer", min: 1, max: 65_535 } as const;

/** What the local stack can be told, by the name of the environment variable. The processes have their own table. */
export const STACK_OPTIONS = {
  STACK: {
    type: "string",
    default: "auto",
    oneOf: ["auto", "native", "compose", "none"],
    sentence: "How Postgres, Redis, Kafka and the registry are run; none: only those named by addresses.",
  },
  STACK_DIR: { type: "string", default: ".stack", sentence: "Folder for the local stack's data, logs and keys." },
  POSTGRES_PORT: { ...PORT, default: 55_432, sentence: "Port of the local Postgres." },
  REDIS_PORT: { ...PORT, default: 56_379, sentence: "Port of the local Redis." },
  KAFKA_PORT: { ...PORT, default: 59_092, sentence: "Port of the local Kafka." },
  REGISTRY_PORT: { ...PORT, default: 58_081, sentence: "Port of the local schema registry." },
  GATEWAY_PORT: { ...OPTIONS.GATEWAY_PORT, ...PORT },
  CONSUMERS_PORT: { ...OPTIONS.CONSUMERS_PORT, ...PORT },
} as const satisfies OptionTable;

/** What the local stack was told. `dir` is absolute. */
export interface StackSettings {
  readonly mode: ValuesOf<typeof STACK_OPTIONS>["stack"];
  readonly dir: string;
  readonly ports: StackPorts;
  readonly gatewayPort: number;
  readonly consumersPort: number;
  readonly environment: Environment;
}

/** Reads the settings of the local stack. Refuses with a StackError that names every problem, two equal ports too. */
export function loadStackSettings(environment: Environment = process.env): StackSettings {
  const { values, problems } = parseOptions(STACK_OPTIONS, environment);
  const all = [...problems, ...(problems.length === 0 ? equalPorts(values) : [])];
  if (all.length > 0) throw new StackError(all.map((problem) => `${problem}.`).join("\n"));
  const told = values as ValuesOf<typeof STACK_OPTIONS>;
  return {
    mode: told.stack,
    dir: resolve(told.stackDir),
    ports: {
      postgres: told.postgresPort,
      redis: told.redisPort,
      kafka: told.kafkaPort,
      registry: told.registryPort,
    },
    gatewayPort: told.gatewayPort,
    consumersPort: told.consumersPort,
    environment,
  };
}

function equalPorts(values: Readonly<Record<string, unknown>>): string[] {
  const names = Object.keys(STACK_OPTIONS).filter((name) => name.endsWith("_PORT"));
  const byPort = Map.groupBy(names, (name) => values[camelCase(name)]);
  return [...byPort]
    .filter(([, sharing]) => sharing.length > 1)
    .map(([port, sharing]) => `${sharing.join(" and ")} are both ${String(port)}`);
}
