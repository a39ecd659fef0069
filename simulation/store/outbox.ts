import type { OutgoingMessage } from "../../storage/user-store/batch.ts";

/** What has to leave, in order, until it is known to have left. */
export interface Outbox {
  /** Numbers the messages in their order and keeps them. */
  readonly add: (
    partition: number,
    drafts: readonly ((outboxId: bigint) => OutgoingMessage)[],
  ) => readonly OutgoingMessage[];
  /** The messages of a partition behind an id, in order, at most `limit`. */
  readonly read: (behind: {
    readonly partition: number;
    readonly outboxId: bigint;
    readonly limit: number;
  }) => readonly OutgoingMessage[];
  /** Deletes what is published, as the housekeeping does. */
  readonly deleteThrough: (partition: number, outboxId: bigint) => void;
}

/** An empty one; ids begin with 1. */
export function createOutbox(): Outbox {
  const rows = new Map<number, OutgoingMessage[]>();
  let lastId = 0n;
  const of = (partition: number): OutgoingMessage[] => rows.get(partition) ?? [];
  return {
    add: (partition, drafts) => {
      const messages = drafts.map((draft) => {
        lastId += 1n;
        return draft(lastId);
      });
      const kept = of(partition);
      kept.push(...messages);
      rows.set(partition, kept);
      return messages;
    },
    read: ({ partition, outboxId, limit }) =>
      of(partition)
        .filter((message) => message.outboxId > outboxId)
        .slice(0, limit),
    deleteThrough: (partition, outboxId) => {
      rows.set(
        partition,
        of(partition).filter((message) => message.outboxId > outboxId),
      );
    },
  };
}
