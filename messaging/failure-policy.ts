/**
 * What an error is worth. `temporary`: known to pass, so the same work is tried again, for ever. `final`: known to stay,
 * so the work is set aside. `unknown`: perhaps a bug, so it is tried a few times and then stops. `name` is what was
 * recognized, for logs and metrics; it never holds a value.
 */
export type Failure =
  | { readonly kind: "temporary"; readonly name: string }
  | { readonly kind: "final"; readonly name: string }
  | { readonly kind: "unknown"; readonly name: string };

/** https://www.postgresql.org/docs/current/errcodes-appendix.html, by class or whole code. */
const TEMPORARY_SQL_STATES: Readonly<Record<string, string>> = {
  "08": "CONNECTION_EXCEPTION",
  "0A000": "PREPARED_PLAN_OUTDATED",
  "25006": "READ_ONLY_SQL_TRANSACTION",
  "25P03": "IDLE_IN_TRANSACTION_SESSION_TIMEOUT",
  "25P04": "TRANSACTION_TIMEOUT",
  "26000": "PREPARED_STATEMENT_LOST",
  "40001": "SERIALIZATION_FAILURE",
  "40P01": "DEADLOCK_DETECTED",
  "53": "INSUFFICIENT_RESOURCES",
  "55P03": "LOCK_NOT_AVAILABLE",
  "57014": "QUERY_CANCELED",
  "57P01": "ADMIN_SHUTDOWN",
  "57P02": "CRASH_SHUTDOWN",
  "57P03": "CANNOT_CONNECT_NOW",
  "57P05": "IDLE_SESSION_TIMEOUT",
  "58": "SYSTEM_ERROR",
};

const TEMPORARY_NETWORK_CODES: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENETDOWN",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_SOCKET",
]);

/** pg and its pool tell these only in words. */
const TEMPORARY_SENTENCES: readonly (readonly [RegExp, string])[] = [
  [/^Connection terminated/, "POSTGRES_CONNECTION_TERMINATED"],
  [/^timeout (expired|exceeded when trying to connect)$/, "POSTGRES_CONNECT_TIMEOUT"],
  [/connection error and is not queryable$|closed and is not queryable$/, "POSTGRES_CONNECTION_LOST"],
  [/^Query read timeout$/, "POSTGRES_READ_TIMEOUT"],
  [/^Connection is closed\.?$|^Stream isn't writeable/, "REDIS_CONNECTION_LOST"],
  [/^(LOADING|READONLY|TRYAGAIN|CLUSTERDOWN|MASTERDOWN) /, "REDIS_NOT_READY"],
];

const TEMPORARY_NAMES: ReadonlySet<string> = new Set([
  "AssignmentLost",
  "BrokerAway",
  "OutcomeUnknown",
  "RegistryUnreachable",
  "SchemaNotRegistered",
  "ConnectionException",
  "MaxRetriesPerRequestError",
  "ClusterAllFailedError",
  "KafkaJSGroupCoordinatorNotFound",
  "KafkaJSTimeout",
  "KafkaJSLockTimeout",
]);

/** kafkajs calls these not retriable because it cannot retry them itself; joining the group again can. */
const TEMPORARY_KAFKA_TYPES: ReadonlySet<string> = new Set([
  "REBALANCE_IN_PROGRESS",
  "ILLEGAL_GENERATION",
  "UNKNOWN_MEMBER_ID",
]);

const FINAL_NAMES: ReadonlySet<string> = new Set(["SchemaViolation", "MessageRefused"]);

/** Classes an error by the first of it and its causes that is recognized. Never throws, whatever it is given. */
export function classify(error: unknown): Failure {
  const seen = new Set<unknown>();
  for (let one = error; one instanceof Error && !seen.has(one); one = one.cause) {
    seen.add(one);
    const failure = recognized(one);
    if (failure) return failure;
  }
  return { kind: "unknown", name: error instanceof Error ? error.name : typeof error };
}

function recognized(error: Error): Failure | undefined {
  const { name } = error;
  if (FINAL_NAMES.has(name)) return { kind: "final", name };
  if (TEMPORARY_NAMES.has(name)) return { kind: "temporary", name };
  const known = recognizedCode(error) ?? recognizedKafka(error) ?? recognizedSentence(error.message);
  return known === undefined ? undefined : { kind: "temporary", name: known };
}

function recognizedCode(error: Error): string | undefined {
  const code = textOf(error, "code");
  if (code === undefined) return undefined;
  if (TEMPORARY_NETWORK_CODES.has(code)) return code;
  // A SQLSTATE is five characters; its first two are the class.
  return code.length === 5 ? (TEMPORARY_SQL_STATES[code] ?? TEMPORARY_SQL_STATES[code.slice(0, 2)]) : undefined;
}

function recognizedKafka(error: Error): string | undefined {
  if (!error.name.startsWith("KafkaJS")) return undefined;
  const type = textOf(error, "type");
  const isRetriable = "retriable" in error && error.retriable === true;
  return isRetriable || TEMPORARY_KAFKA_TYPES.has(type ?? "") ? (type ?? error.name) : undefined;
}

function recognizedSentence(message: string): string | undefined {
  return TEMPORARY_SENTENCES.find(([sentence]) => sentence.test(message))?.[1];
}

function textOf(error: Error, key: string): string | undefined {
  const value: unknown = (error as { readonly [key: string]: unknown } & Error)[key];
  return typeof value === "string" ? value : undefined;
}
