import { createCodec } from "../messaging/codec.ts";
import { createKafka } from "../messaging/kafka.ts";
import { BrokerAway, MessageRefused, OutcomeUnknown } from "../messaging/publish-errors.ts";
import { createPublisher } from "../messaging/publisher.ts";
import { SchemaViolation } from "../messaging/schema-errors.ts";
import { createLog } from "../runtime/log.ts";
import { formatTraceparent, newTrace } from "../runtime/trace.ts";
import { type TopicKey, topicName } from "../schemas/topics.ts";
import { CommandFailed, dependencyDown } from "./command-failed.ts";
import type { Settings } from "./settings.ts";

/** What another system would have written. */
export interface MessageToPublish {
  readonly topic: TopicKey;
  readonly key: string | null;
  readonly messageId: string;
  readonly occurredAt: string;
  readonly value: unknown;
}

const ACKNOWLEDGED_WITHIN_MS = 10_000;

/**
 * Writes one message as the system would whose topic it is; gives the topic's full name.
 * @throws CommandFailed: refused when it does not fit the topic's schema, dependency down for Kafka or the registry.
 */
export async function publishMessage(settings: Settings, message: MessageToPublish): Promise<string> {
  const { topic, key, value, messageId, occurredAt } = message;
  const prefix = settings.require("topicPrefix");
  const log = createLog({ level: "silent", component: "cli" });
  const brokers = settings.require("brokers").split(",");
  const codec = createCodec({ registryUrl: settings.require("registryUrl"), prefix });
  const kafka = createKafka({ brokers, clientId: "m2m-cli", log });
  const publisher = createPublisher({ kafka, codec, prefix, ackTimeoutMs: ACKNOWLEDGED_WITHIN_MS, log });
  const headers = { messageId, type: topic, occurredAt, traceparent: formatTraceparent(newTrace()) };
  try {
    await publisher.start();
    await publisher.publish({ topic, key, value, headers });
    return topicName(prefix, topic);
  } catch (error) {
    throw explained(error);
  } finally {
    await publisher.stop();
  }
}

function explained(error: unknown): unknown {
  if (error instanceof SchemaViolation || error instanceof MessageRefused) {
    const wayOut = "docs/contracts.md has what this topic takes";
    return new CommandFailed(error.message, { kind: "refused", code: "NOT_PUBLISHED", wayOut, cause: error });
  }
  if (error instanceof BrokerAway || error instanceof OutcomeUnknown) {
    const reason = error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
    return dependencyDown(reason, "`m2m doctor` says which, and `m2m topics check` whether topics are missing", error);
  }
  return error;
}
