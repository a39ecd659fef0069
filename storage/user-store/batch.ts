import type { Command } from "../../domain/commands.ts";
import type { TopicKey } from "../../schemas/topics.ts";
import type { AddressedDecision } from "../decisions.ts";

/** What goes to m2m.parked: the message as it was, and why it could not be handled. */
export interface ParkedValue {
  readonly reason: string;
  readonly detail: string;
  readonly consumer: string;
  readonly original: {
    readonly topic: string;
    readonly partition: number;
    readonly offset: string;
    readonly key: string | null;
  };
  readonly rawBase64: string | null;
  readonly parkedAt: string;
}

/**
 * One message of the command topic: a command to decide, or something that has to be parked. Everything that it leads to
 * carries its trace (`traceparent`, W3C).
 */
export type BatchMessage =
  | {
      readonly kind: "command";
      readonly offset: bigint;
      readonly traceparent: string | null;
      readonly command: Command;
      /** Set when the command failed on its own: it is decided INTERNAL_ERROR, and parked. */
      readonly poison: ParkedValue | null;
    }
  | {
      readonly kind: "parked";
      readonly offset: bigint;
      readonly traceparent: string | null;
      readonly parked: ParkedValue;
    };

/** Consecutive messages of one partition. */
export interface CommandBatch {
  readonly topic: string;
  readonly partition: number;
  readonly messages: readonly BatchMessage[];
  /** How far the partition's outbox is published, to be recorded with the batch. */
  readonly publishedThrough?: bigint | undefined;
}

/** A message that has to leave, with its place in the outbox. */
export interface OutgoingMessage {
  readonly outboxId: bigint;
  readonly topic: TopicKey;
  readonly key: string;
  readonly value: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

/** What became of a batch. */
export type BatchResult =
  | {
      readonly kind: "committed";
      readonly nextOffset: bigint;
      readonly decisions: readonly AddressedDecision[];
      readonly outgoing: readonly OutgoingMessage[];
    }
  /** The batch starts above what was applied: applying it would lose what is in between. */
  | { readonly kind: "gap"; readonly nextOffset: bigint }
  /** Nobody prepared this partition's progress, or it belongs to another Kafka cluster. */
  | { readonly kind: "not_admitted" };

/** The same for one of several batches that share a commit. */
export type SharedResult =
  | BatchResult
  /** Somebody else holds the partition's fence, or nobody ever began it; nothing was done. */
  | { readonly kind: "fenced" };
