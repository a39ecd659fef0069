import { type Environment, type OptionTable, parseOptions, type ValuesOf } from "./options.ts";

const PORT = { type: "integer", min: 0, max: 65_535 } as const;
const MILLISECONDS = { type: "integer", min: 1, max: 86_400_000 } as const;
const COUNT = { type: "integer", min: 1 } as const;
const DAYS = { type: "integer", min: 1, max: 3_650 } as const;
const FLAG = { type: "boolean", default: false } as const;
const TEXT = { type: "string" } as const;
const WEB = { type: "url", protocols: ["http", "https"] } as const;
const DATABASE = { type: "url", protocols: ["postgres", "postgresql"], secret: true } as const;
const REDIS = { type: "url", protocols: ["redis", "rediss"], secret: true } as const;

/**
 * Every setting of every process, by the name of its environment variable. A new one is one line here: its type
 * appears in Config, its row in docs/configuration.md (`npm run print`). What differs per partner is a partner setting.
 */
export const OPTIONS = {
  DATABASE_URL: { ...DATABASE, sentence: "Postgres, with user, password and database." },
  DATABASE_POOL_SIZE: { ...COUNT, default: 10, sentence: "Postgres connections each process may hold." },
  DATABASE_PREPARED_STATEMENTS: {
    ...FLAG,
    default: true,
    sentence:
      "Lets Postgres read statements once for many uses. Not through a pooler that gives each transaction another session.",
  },
  STATEMENT_TIMEOUT_MS: { ...MILLISECONDS, default: 5_000, sentence: "Longest time one SQL statement may run." },
  LOCK_TIMEOUT_MS: { ...MILLISECONDS, default: 2_000, sentence: "Longest wait for a lock in Postgres." },
  IDLE_IN_TRANSACTION_TIMEOUT_MS: {
    ...MILLISECONDS,
    default: 4_000,
    sentence:
      "Postgres ends a transaction that has said nothing for so long, which frees the fence of a paused writer.",
  },
  REDIS_URL: {
    ...REDIS,
    sentence: "Redis: active-link lock, decisions to waiting gateways, rate limits. May be away.",
  },
  REDIS_TIMEOUT_MS: { ...MILLISECONDS, default: 50, sentence: "Longest wait for Redis before going on without it." },
  REDIS_PREFIX: { ...TEXT, default: "m2m:", sentence: "Put before every Redis key and channel." },
  KAFKA_BROKERS: { type: "list", sentence: "Kafka brokers as host:port, separated by commas." },
  SCHEMA_REGISTRY_URL: { ...WEB, sentence: "Schema registry that speaks the Confluent API." },
  TOPIC_PREFIX: { ...TEXT, default: "m2m.", sentence: "Put before every topic name." },
  GROUP_PREFIX: { ...TEXT, default: "m2m-", sentence: "Put before every consumer group name." },
  TOPIC_PARTITIONS: {
    ...COUNT,
    default: 24,
    sentence: "Partitions of user-keyed topics; fixed when a topic is created.",
  },
  SESSION_TIMEOUT_MS: {
    ...MILLISECONDS,
    default: 6_000,
    sentence: "A consumer silent for so long loses its partitions.",
  },
  REBALANCE_TIMEOUT_MS: {
    ...MILLISECONDS,
    default: 10_000,
    sentence: "Time members have to rejoin after a rebalance.",
  },
  HEARTBEAT_INTERVAL_MS: { ...MILLISECONDS, default: 1_000, sentence: "How often a consumer says that it is alive." },
  PARTITIONS_CONSUMED_CONCURRENTLY: { ...COUNT, default: 4, sentence: "Partitions one consumer works on at a time." },
  PRODUCE_TIMEOUT_MS: {
    ...MILLISECONDS,
    default: 5_000,
    sentence: "How long the gateway waits for Kafka's acknowledgement before it answers OUTCOME_UNKNOWN.",
  },
  DECISION_TIMEOUT_MS: {
    ...MILLISECONDS,
    default: 10_000,
    sentence: "How long the gateway waits for a decision before it answers 202.",
  },
  GATEWAY_HOST: { ...TEXT, default: "0.0.0.0", sentence: "Address the gateway listens on." },
  GATEWAY_PORT: { ...PORT, default: 58_080, sentence: "Port the gateway listens on." },
  GATEWAY_URL: { ...WEB, default: "http://127.0.0.1:{GATEWAY_PORT}", sentence: "The gateway as partners reach it." },
  CONSUMERS_HOST: { ...TEXT, default: "0.0.0.0", sentence: "Address the consumers' health and metrics listen on." },
  CONSUMERS_PORT: { ...PORT, default: 58_090, sentence: "Port of the consumers' health and metrics." },
  WIDGET_BASE_URL: { ...WEB, default: "{GATEWAY_URL}", sentence: "Put before the link's path in a link's url." },
  WIDGET_ORIGINS: { type: "list", default: [], sentence: "Origins whose pages may make widget calls (CORS)." },
  LINKS_PER_MINUTE: { ...COUNT, default: 100, sentence: "New links per minute, partner and environment." },
  REQUESTS_PER_MINUTE: { ...COUNT, default: 1_000, sentence: "Other requests per minute, partner and environment." },
  USER_WRITES_PER_SECOND: {
    ...COUNT,
    default: 100,
    sentence: "Writes of one user that a gateway process begins per second; more of them wait for their turn.",
  },
  ADMIN_KEY: {
    ...TEXT,
    optional: true,
    secret: true,
    minLength: 16,
    sentence: "Opens the admin API; without it: shut.",
  },
  SERVER_SECRET: {
    ...TEXT,
    secret: true,
    minLength: 32,
    sentence: "Link tokens, the checksum of command ids and the encryption of stored secrets derive from it.",
  },
  TIMER_INTERVAL_MS: { ...MILLISECONDS, default: 1_000, sentence: "How often the timers look for what is due." },
  HELD_RESULT_HOURS: { ...COUNT, default: 24, sentence: "How long a result that names something unknown is held." },
  WEBHOOK_TIMEOUT_MS: { ...MILLISECONDS, default: 30_000, sentence: "Longest time one delivery attempt may take." },
  WEBHOOK_CONCURRENCY: { ...COUNT, default: 256, sentence: "Delivery attempts one process has in flight at most." },
  MAX_PARKED_HOURS: {
    ...COUNT,
    default: 72,
    sentence: "Deliveries that a receiver's absence keeps parked for longer have failed; they can be replayed.",
  },
  DISABLE_AFTER_HOURS: {
    ...COUNT,
    default: 120,
    sentence: "An endpoint to which nothing could be delivered for so long is disabled.",
  },
  DISABLE_AFTER_DELIVERIES: {
    ...COUNT,
    default: 20,
    sentence: "So many different deliveries must have failed before an endpoint is disabled.",
  },
  ATTEMPT_RETENTION_DAYS: {
    ...DAYS,
    default: 30,
    sentence: "How long attempts are kept; then their whole day is dropped.",
  },
  DELIVERY_RETENTION_DAYS: {
    ...DAYS,
    default: 30,
    sentence: "How long deliveries and replays that have ended are kept, from the last attempt on.",
  },
  ALLOW_PRIVATE_TARGETS: {
    ...FLAG,
    sentence: "Lets webhooks go to http and to private addresses. Never in production.",
  },
  ENABLE_SANDBOX: { ...FLAG, sentence: "Starts the played CIP and payment systems, for environment test only." },
  SANDBOX_DELAY_MS: { ...MILLISECONDS, min: 0, default: 300, sentence: "How long the sandbox takes to answer." },
  SHUTDOWN_TIMEOUT_MS: { ...MILLISECONDS, default: 15_000, sentence: "Longest time a stopping process may take." },
  LOG_LEVEL: {
    ...TEXT,
    default: "info",
    oneOf: ["trace", "debug", "info", "warn", "error", "fatal", "silent"],
    sentence: "Least important log line that is written.",
  },
} as const satisfies OptionTable;

export type Config = ValuesOf<typeof OPTIONS>;

type IntegerKey = { [Key in keyof Config]: Config[Key] extends number ? Key : never }[keyof Config];

interface Combination {
  readonly of: readonly [IntegerKey, IntegerKey];
  readonly holds: (first: number, second: number) => boolean;
  readonly reason: string;
}

const COMBINATIONS: readonly Combination[] = [
  {
    of: ["lockTimeoutMs", "sessionTimeoutMs"],
    holds: (lock, session) => lock < session,
    reason: "LOCK_TIMEOUT_MS must be below SESSION_TIMEOUT_MS: a writer may not wait for a fence it has already lost",
  },
  {
    of: ["idleInTransactionTimeoutMs", "sessionTimeoutMs"],
    holds: (idle, session) => idle < session,
    reason:
      "IDLE_IN_TRANSACTION_TIMEOUT_MS must be below SESSION_TIMEOUT_MS: a paused writer must lose the fence before its partition moves",
  },
  {
    of: ["statementTimeoutMs", "sessionTimeoutMs"],
    holds: (statement, session) => statement < session,
    reason: "STATEMENT_TIMEOUT_MS must be below SESSION_TIMEOUT_MS: a slow statement may not outlive the assignment",
  },
  {
    of: ["heartbeatIntervalMs", "sessionTimeoutMs"],
    holds: (heartbeat, session) => heartbeat * 3 <= session,
    reason: "HEARTBEAT_INTERVAL_MS must be at most a third of SESSION_TIMEOUT_MS: two heartbeats may get lost",
  },
  {
    of: ["rebalanceTimeoutMs", "sessionTimeoutMs"],
    holds: (rebalance, session) => rebalance >= session,
    reason: "REBALANCE_TIMEOUT_MS must be at least SESSION_TIMEOUT_MS: a member may finish its batch before it rejoins",
  },
  {
    of: ["produceTimeoutMs", "decisionTimeoutMs"],
    holds: (produce, decision) => produce <= decision,
    reason: "PRODUCE_TIMEOUT_MS must be at most DECISION_TIMEOUT_MS: no decision comes before Kafka has the command",
  },
  {
    of: ["decisionTimeoutMs", "shutdownTimeoutMs"],
    holds: (decision, shutdown) => decision < shutdown,
    reason: "DECISION_TIMEOUT_MS must be below SHUTDOWN_TIMEOUT_MS: a stopping gateway answers the requests that wait",
  },
  {
    of: ["deliveryRetentionDays", "attemptRetentionDays"],
    holds: (deliveries, attempts) => deliveries >= attempts,
    reason:
      "DELIVERY_RETENTION_DAYS must be at least ATTEMPT_RETENTION_DAYS: attempts are listed with their delivery, without it nobody finds them",
  },
];

/** The environment does not make a configuration; `problems` has one sentence for each thing that is wrong. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The configuration has ${problems.length} problem(s):\n${problems.map((p) => `  - ${p}`).join("\n")}`);
    this.name = "ConfigError";
    this.problems = problems;
  }
}

/**
 * The configuration of a process, frozen. This is the only place that reads the environment.
 * @throws ConfigError with all problems together; no problem shows the value of a secret.
 */
export function loadConfig(environment: Environment = process.env): Config {
  const { values, problems } = parseOptions(OPTIONS, environment);
  const all = [...problems, ...brokenCombinations(values as Partial<Config>)];
  if (all.length > 0) throw new ConfigError(all);
  return Object.freeze(values) as Config;
}

/** The environment of this process as it is, for a tool that has an option table of its own. */
export function currentEnvironment(): Environment {
  return process.env;
}

function brokenCombinations(values: Partial<Config>): string[] {
  return COMBINATIONS.filter(({ of, holds }) => {
    const [first, second] = of.map((key) => values[key]);
    return first !== undefined && second !== undefined && !holds(first, second);
  }).map(({ reason }) => reason);
}
