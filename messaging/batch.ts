import type { Batch } from "kafkajs";

/** One message as it lies in Kafka. */
export interface RawMessage {
  readonly offset: bigint;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Epoch milliseconds as text. */
  readonly timestamp: string;
}

/** Messages of one partition, in order, at least one. */
export interface RawBatch {
  readonly topic: string;
  readonly partition: number;
  /** The offset after the partition's last message. */
  readonly highWatermark: bigint;
  readonly messages: readonly RawMessage[];
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** What is to become of a batch. */
export type BatchOutcome =
  /**
   * Everything below nextOffset is durably dealt with: the offset moves there. At the first message's offset nothing
   * was done, and the batch comes again.
   */
  | { readonly kind: "done"; readonly nextOffset: bigint }
  /** The same messages again, after `afterMs` or else a growing delay. Other partitions go on meanwhile. */
  | { readonly kind: "retry"; readonly error: unknown; readonly afterMs?: number }
  /** Nothing more of this partition until the process starts again; a person has to look. Others go on. */
  | { readonly kind: "stop_partition"; readonly reason: string }
  /** Continue at another offset. */
  | { readonly kind: "seek"; readonly offset: bigint };

/** What a batch may ask and do while it is being worked on. */
export interface BatchControl {
  /** False once the consumer stops or the partition may belong to another: what is done then must be harmless. */
  readonly isActive: () => boolean;
  /**
   * Says that we are alive. Not needed for that, the runner does it, but a long step can find out here that it works for
   * nothing.
   * @throws AssignmentLost
   */
  readonly heartbeat: () => Promise<void>;
}

/** kafkajs's batch in our words. */
export function toRawBatch({ topic, partition, highWatermark, messages }: Batch): RawBatch {
  return {
    topic,
    partition,
    highWatermark: BigInt(highWatermark),
    messages: messages.map(({ offset, key, value, headers, timestamp }) => ({
      offset: BigInt(offset),
      key,
      value,
      headers: headers === undefined ? {} : textHeaders(headers),
      timestamp,
    })),
  };
}

/** `topic/partition`, to find a partition in a map. */
export function partitionName({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}

/** A header that occurs twice counts with its first value; one without a value is left out. */
function textHeaders(headers: Readonly<Record<string, HeaderValue>>): Readonly<Record<string, string>> {
  const text: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const first = Array.isArray(value) ? value[0] : value;
    if (first !== undefined && first !== null) text[name] = first.toString();
  }
  return text;
}

type HeaderValue = Buffer | string | (Buffer | string)[] | undefined;
