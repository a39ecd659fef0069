import type { Clock } from "../runtime/clock.ts";
import type { RawMessage, TopicPartition } from "./batch.ts";
import type { OutgoingMessage } from "./publisher.ts";

/** A message as it came, with the place it came from. */
export interface OriginalMessage extends TopicPartition, RawMessage {}

/** Why a message cannot be handled. Neither part holds a value of the message. */
export interface ParkingReason {
  /** One word for metrics and lists, e.g. `not_in_schema`. */
  readonly reason: string;
  /** A sentence for the person who looks at it. */
  readonly detail: string;
}

/** Who parks. */
export interface Parking {
  readonly consumerName: string;
  readonly clock: Clock;
}

const MOST_DETAIL = 2_000;

/**
 * The message to publish to the parked topic for one that cannot be handled: whole, with reason and origin, under its
 * own key.
 */
export function parkedMessage(original: OriginalMessage, why: ParkingReason, parking: Parking): OutgoingMessage {
  const { consumerName, clock } = parking;
  const { topic, partition, offset, key, value } = original;
  const keyText = key === null ? null : key.toString("utf8");
  return {
    topic: "parked",
    key: keyText,
    value: {
      reason: why.reason,
      detail: why.detail.slice(0, MOST_DETAIL),
      consumer: consumerName,
      original: { topic, partition, offset: String(offset), key: keyText },
      rawBase64: value === null ? null : value.toString("base64"),
      parkedAt: new Date(clock()).toISOString(),
    },
  };
}
