import type { Command } from "../../domain/commands.ts";
import { addressKey } from "../../domain/user/address-key.ts";
import type { RawBatch, RawMessage } from "../../messaging/batch.ts";
import type { Codec } from "../../messaging/codec.ts";
import { SchemaViolation } from "../../messaging/schema-errors.ts";
import { traceparentOf } from "../../runtime/trace.ts";
import type { BatchMessage, ParkedValue } from "../../storage/user-store/batch.ts";

/**
 * Reads the messages of a batch. What does not fit its schema, or carries the key of another user, is to be parked and
 * does not stop the others. The registry being away is no property of a message: that is thrown.
 */
export async function decodeMessages(batch: RawBatch, codec: Codec, now: string): Promise<readonly BatchMessage[]> {
  return Promise.all(batch.messages.map((message) => decodeMessage({ batch, message, codec, now })));
}

interface Undecoded {
  readonly batch: Pick<RawBatch, "topic" | "partition">;
  readonly message: RawMessage;
  readonly codec: Codec;
  readonly now: string;
}

async function decodeMessage(undecoded: Undecoded): Promise<BatchMessage> {
  const { message, codec } = undecoded;
  const origin = { offset: message.offset, traceparent: traceparentOf(message.headers) };
  try {
    if (message.value === null) return { kind: "parked", ...origin, parked: parkedValue(undecoded, NO_VALUE) };
    const command = (await codec.decode(message.value, "userCommands")) as Command;
    const isKeyed = message.key?.toString() === addressKey(command);
    if (!isKeyed) return { kind: "parked", ...origin, parked: parkedValue(undecoded, WRONG_KEY) };
    return { kind: "command", ...origin, command, poison: null };
  } catch (error) {
    if (!(error instanceof SchemaViolation)) throw error;
    return {
      kind: "parked",
      ...origin,
      parked: parkedValue(undecoded, { reason: "not_in_schema", detail: error.message }),
    };
  }
}

/** What is parked of a message: reason, place, and the raw bytes. */
export function parkedValue(
  { batch, message, now }: Pick<Undecoded, "batch" | "message" | "now">,
  why: { readonly reason: string; readonly detail: string },
): ParkedValue {
  return {
    reason: why.reason,
    detail: why.detail.slice(0, DETAIL_LIMIT),
    consumer: "users",
    original: {
      topic: batch.topic,
      partition: batch.partition,
      offset: message.offset.toString(),
      key: message.key?.toString() ?? null,
    },
    rawBase64: message.value?.toString("base64") ?? null,
    parkedAt: now,
  };
}

const DETAIL_LIMIT = 2_000;
const NO_VALUE = { reason: "no_value", detail: "the message has no value" };
const WRONG_KEY = { reason: "wrong_key", detail: "the key is not partner/environment/referenceId of the command" };
