import type { Progress } from "./progress.ts";

/** The ports of a stack, all at 127.0.0.1. */
export interface StackPorts {
  readonly postgres: number;
  readonly redis: number;
  readonly kafka: number;
  readonly registry: number;
}

/** `auto` takes what is there: addresses from the environment, else native, else docker compose. */
export type StackMode = "auto" | "native" | "compose" | "none";

/** What a stack is started with. */
export interface StackOptions {
  /** Absolute folder for data, logs and pid files. */
  readonly dir: string;
  readonly ports: StackPorts;
  readonly mode: StackMode;
  readonly progress: Progress;
  /** Where DATABASE_URL, PATH, JAVA_HOME and the like are looked up. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** How long addresses from the environment may take to answer; default 10,000. */
  readonly waitMs?: number | undefined;
  /** Ends a start that is under way: what was started is stopped, and the start is refused with a StackError. */
  readonly signal?: AbortSignal | undefined;
}

/** One process of a running stack. `pid` is undefined for a container. */
export interface StackProcess {
  readonly name: string;
  readonly pid: number | undefined;
  readonly port: number;
  readonly log: string;
}

/** The four addresses the product needs. */
export interface StackAddresses {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly kafkaBrokers: string;
  readonly schemaRegistryUrl: string;
}

/** A stack that is up. */
export interface LocalStack extends StackAddresses {
  /** What was started here; empty when the addresses came from the environment. */
  readonly processes: readonly StackProcess[];
  /** Resolves with one sentence when a process ends although nobody asked it to. */
  readonly broken: Promise<string>;
  /** Stops what was started here, what depends on others first, each with a deadline. Safe to call twice. */
  stop(): Promise<void>;
}
