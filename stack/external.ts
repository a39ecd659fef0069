import { connect } from "node:net";
import type { LocalStack, StackAddresses, StackOptions } from "./stack-contract.ts";
import { StackError } from "./stack-error.ts";

const NAMES = {
  databaseUrl: "DATABASE_URL",
  redisUrl: "REDIS_URL",
  kafkaBrokers: "KAFKA_BROKERS",
  schemaRegistryUrl: "SCHEMA_REGISTRY_URL",
} as const satisfies Record<keyof StackAddresses, string>;

const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  "postgres:": 5432,
  "postgresql:": 5432,
  "redis:": 6379,
  "rediss:": 6379,
  "http:": 80,
  "https:": 443,
};
const WAIT_MS = 10_000;

/** All four addresses, or undefined when none is set. Refuses with a StackError when only some of them are. */
export function addressesFromEnvironment(environment: StackOptions["environment"]): StackAddresses | undefined {
  const read = (name: string) => environment[name]?.trim() || undefined;
  const [databaseUrl, redisUrl, kafkaBrokers, schemaRegistryUrl] = Object.values(NAMES).map(read);
  if (databaseUrl && redisUrl && kafkaBrokers && schemaRegistryUrl) {
    return { databaseUrl, redisUrl, kafkaBrokers, schemaRegistryUrl };
  }
  const set = Object.values(NAMES).filter((name) => read(name) !== undefined);
  if (set.length === 0) return undefined;
  const unset = Object.values(NAMES).filter((name) => read(name) === undefined);
  throw new StackError(
    `${set.join(", ")} is set but ${unset.join(", ")} is not: set all four, or none, or STACK=native.`,
  );
}

/** A stack that somebody else runs. Refuses with a StackError that names the address where nothing answers in time. */
export async function useExternal(addresses: StackAddresses, options: StackOptions): Promise<LocalStack> {
  const waitMs = options.waitMs ?? WAIT_MS;
  options.progress.say("using the Postgres, Redis, Kafka and schema registry named in the environment");
  const places = [
    placeOf(NAMES.databaseUrl, addresses.databaseUrl),
    placeOf(NAMES.redisUrl, addresses.redisUrl),
    ...addresses.kafkaBrokers.split(",").map((broker) => placeOf(NAMES.kafkaBrokers, `kafka://${broker.trim()}`)),
    placeOf(NAMES.schemaRegistryUrl, addresses.schemaRegistryUrl),
  ];
  await Promise.all(places.map((place) => waitForListener(place, performance.now() + waitMs)));
  return { ...addresses, processes: [], broken: new Promise(() => undefined), stop: async () => undefined };
}

interface Place {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

function placeOf(name: string, address: string): Place {
  try {
    const { hostname, port, protocol } = new URL(address);
    return { name, host: hostname.replace(/^\[|\]$/g, ""), port: Number(port) || (DEFAULT_PORTS[protocol] ?? 9092) };
  } catch (error) {
    // The address may hold a password, so it is not repeated.
    throw new StackError(`${name} is not an address that can be understood.`, { cause: error });
  }
}

async function waitForListener(place: Place, deadline: number): Promise<void> {
  while (!(await accepts(place))) {
    if (performance.now() > deadline)
      throw new StackError(`Nothing answers at ${place.host}:${place.port}, named by ${place.name}.`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function accepts({ host, port }: Place): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const finish = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1_000, () => finish(false));
    socket.once("error", () => finish(false));
    socket.once("connect", () => finish(true));
  });
}
