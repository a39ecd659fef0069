import type { Codec } from "../messaging/codec.ts";
import type { Publisher } from "../messaging/publisher.ts";
import { SchemaViolation } from "../messaging/schema-errors.ts";
import { derivedCommandId } from "../runtime/ids.ts";
import { formatTraceparent, type Trace } from "../runtime/trace.ts";
import { TOPIC_KEYS, type TopicKey, topicName } from "../schemas/topics.ts";
import type { ParkedMessage } from "../storage/configuration/parked-messages.ts";

export interface ReplayDependencies {
  readonly codec: Pick<Codec, "decode">;
  readonly publisher: Pick<Publisher, "publish">;
  readonly topicPrefix: string;
}

/** When and within which trace something is replayed. */
export interface ReplayMoment {
  readonly trace: Trace;
  readonly now: string;
}

/** What became of a replay: the new command's id; null for a message that is no command. */
export type ReplayParked = (
  message: ParkedMessage,
  moment: ReplayMoment,
) => Promise<{ readonly commandId: string | null } | null>;

/**
 * Publishes a parked message again, to the topic it came from and under its own key. A command gets a new id, always the
 * same one for the same parked message, so that replaying twice is harmless; the old id is its cause. Null when its bytes
 * do not fit the topic's schema, or the topic is none of ours: nobody could handle it then either.
 */
export function createReplayParked({ codec, publisher, topicPrefix }: ReplayDependencies): ReplayParked {
  return async (message, { trace, now }) => {
    const topic = TOPIC_KEYS.find((key) => topicName(topicPrefix, key) === message.topic);
    if (topic === undefined || topic === "parked" || message.rawBase64 === null) return null;
    const value = await decoded(codec, message.rawBase64, topic);
    if (value === null) return null;
    const { parkedId, key } = message;
    const commandId = topic === "userCommands" ? derivedCommandId(value["partner"], "replay", parkedId) : null;
    await publisher.publish({
      ...{ topic, key },
      value: commandId === null ? value : { ...value, commandId, issuedAt: now, replyTo: null },
      headers: {
        messageId: commandId ?? `parked/${parkedId}`,
        ...(typeof value["type"] === "string" ? { type: value["type"] } : {}),
        occurredAt: now,
        causationId: typeof value["commandId"] === "string" ? value["commandId"] : `parked/${parkedId}`,
        traceparent: formatTraceparent(trace),
      },
    });
    return { commandId };
  };
}

type Decoded = Readonly<Record<string, unknown>> & { readonly partner: string };

async function decoded(codec: Pick<Codec, "decode">, rawBase64: string, topic: TopicKey): Promise<Decoded | null> {
  try {
    return (await codec.decode(Buffer.from(rawBase64, "base64"), topic)) as Decoded;
  } catch (error) {
    if (error instanceof SchemaViolation) return null;
    throw error;
  }
}
