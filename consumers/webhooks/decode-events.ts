import type { RawBatch, RawMessage } from "../../messaging/batch.ts";
import type { Codec } from "../../messaging/codec.ts";
import { SchemaViolation } from "../../messaging/schema-errors.ts";
import type { ParkedMessage, UserEventMessage } from "../../schemas/generated.ts";
import type { ArrivedEvent } from "../../storage/delivery-store-arrivals.ts";

/** An event of m2m.user-events with its place there. */
export interface ArrivedUserEvent extends ArrivedEvent {
  readonly event: UserEventMessage;
  readonly message: RawMessage;
}

export interface DecodedBatch {
  readonly events: readonly ArrivedUserEvent[];
  /** What cannot be read, to be parked. */
  readonly parked: readonly ParkedMessage[];
}

/** Why a message is parked: a short code and a sentence, neither with a value of the message. */
export interface ParkReason {
  readonly reason: string;
  readonly detail: string;
}

/**
 * Reads a batch of events. What does not fit its schema is to be parked and stops nobody. The registry being away says
 * nothing about a message: that is thrown.
 */
export async function decodeEvents(batch: RawBatch, codec: Codec, nowMs: number): Promise<DecodedBatch> {
  const decoded = await Promise.all(batch.messages.map((message) => decodeEvent(message, codec)));
  return {
    events: decoded.filter((one) => "event" in one),
    parked: decoded
      .filter((one) => "reason" in one)
      .map(({ message, ...why }) => parkedMessage({ batch, message, nowMs }, why)),
  };
}

async function decodeEvent(
  message: RawMessage,
  codec: Codec,
): Promise<ArrivedUserEvent | (ParkReason & { readonly message: RawMessage })> {
  if (message.value === null) return { message, reason: "no_value", detail: "the message has no value" };
  try {
    const event = (await codec.decode(message.value, "userEvents")) as UserEventMessage;
    const { partner, environment } = event;
    return { offset: message.offset, partner, environment, linkId: linkOf(event), event, message };
  } catch (error) {
    if (!(error instanceof SchemaViolation)) throw error;
    return { message, reason: "not_in_schema", detail: error.message };
  }
}

function linkOf({ data }: UserEventMessage): string | null {
  return "linkId" in data && typeof data.linkId === "string" ? data.linkId : null;
}

export interface ParkedFrom {
  readonly batch: Pick<RawBatch, "topic" | "partition">;
  readonly message: RawMessage;
  readonly nowMs: number;
}

const DETAIL_LIMIT = 2_000;

/** What goes to m2m.parked of a message: why, its place, its raw bytes. */
export function parkedMessage({ batch, message, nowMs }: ParkedFrom, { reason, detail }: ParkReason): ParkedMessage {
  const { topic, partition } = batch;
  return {
    reason,
    detail: detail.slice(0, DETAIL_LIMIT),
    consumer: "webhooks",
    original: { topic, partition, offset: message.offset.toString(), key: message.key?.toString() ?? null },
    rawBase64: message.value?.toString("base64") ?? null,
    parkedAt: new Date(nowMs).toISOString(),
  };
}
