/**
 * What is known after a produce request that failed. `unreachable`: no broker could be reached, nothing was sent.
 * `not_sent`: nothing was sent for another, passing reason. `refused`: the brokers will never take something in it.
 * `perhaps_sent`: everything else.
 */
export type ProduceFailure = "unreachable" | "not_sent" | "refused" | "perhaps_sent";

/** Codes of connections that did not come about; a reset or a broken pipe may come after the request was written. */
const NEVER_CONNECTED: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
]);
/** kafkajs says these only about connections it is about to use. */
const NEVER_CONNECTED_SENTENCES: ReadonlySet<string> = new Set(["Connection timeout", "Not connected"]);
const NOT_SENT_NAMES: ReadonlySet<string> = new Set([
  "KafkaJSMetadataNotLoaded",
  "KafkaJSTopicMetadataNotLoaded",
  "KafkaJSBrokerNotFound",
  "KafkaJSLockTimeout",
]);
const REFUSED_TYPES: ReadonlySet<string> = new Set([
  "MESSAGE_TOO_LARGE",
  "RECORD_LIST_TOO_LARGE",
  "INVALID_RECORD",
  "TOPIC_AUTHORIZATION_FAILED",
  "CLUSTER_AUTHORIZATION_FAILED",
]);

/** Judges an error of kafkajs's producer, whose own retries are off. When in doubt: `perhaps_sent`. */
export function judgeProduceFailure(error: unknown): ProduceFailure {
  const original = originalOf(error);
  if (original instanceof Error) {
    if (isUnreachable(original)) return "unreachable";
    if (NOT_SENT_NAMES.has(original.name)) return "not_sent";
    if (isTypeOf(original, REFUSED_TYPES)) return "refused";
    if (isUnansweredQuestion(original)) return "not_sent";
  }
  return "perhaps_sent";
}

function isUnreachable(error: Error): boolean {
  if (error.name === "KafkaJSNoBrokerAvailableError") return true;
  if (error.name !== "KafkaJSConnectionError") return false;
  const code = "code" in error ? error.code : undefined;
  return typeof code === "string" ? NEVER_CONNECTED.has(code) : NEVER_CONNECTED_SENTENCES.has(error.message);
}

/** A timeout names its request; only Produce carries messages. */
function isUnansweredQuestion(error: Error): boolean {
  return error.name === "KafkaJSRequestTimeoutError" && !error.message.includes("Produce(");
}

function isTypeOf(error: Error, types: ReadonlySet<string>): boolean {
  return "type" in error && typeof error.type === "string" && types.has(error.type);
}

/** kafkajs wraps what it gave up on. */
function originalOf(error: unknown): unknown {
  const isWrapper =
    error instanceof Error &&
    (error.name === "KafkaJSNumberOfRetriesExceeded" || error.name === "KafkaJSNonRetriableError") &&
    error.cause instanceof Error;
  return isWrapper ? originalOf(error.cause) : error;
}
