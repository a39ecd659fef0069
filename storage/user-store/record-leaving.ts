import type { EntityManager } from "@mikro-orm/postgresql";
import { OutboxEntity } from "../entities/outbox.ts";
import { UserHistoryEntity } from "../entities/user-history.ts";
import type { OutgoingMessage } from "./batch.ts";
import type { BulkWriter } from "./bulk.ts";
import { type BatchPlace, draftOf } from "./draft-outbox.ts";
import type { Leaving } from "./run-commands.ts";

/**
 * Writes the history and one outbox row for everything that leaves, in order, and gives the messages as they are to be
 * published. They exist only when the transaction commits.
 */
export async function recordLeaving(
  em: EntityManager,
  bulk: BulkWriter,
  { leaving, place }: { readonly leaving: readonly Leaving[]; readonly place: BatchPlace },
): Promise<readonly OutgoingMessage[]> {
  await bulk.insert(em, UserHistoryEntity, leaving.flatMap(historyRows));
  const drafts = leaving.map((left) => draftOf(left, place));
  const ids = await bulk.insertNumbered(
    em,
    OutboxEntity,
    drafts.map(({ row }) => row),
  );
  return drafts.map(({ message }, index) => message(ids[index] ?? -1n));
}

function historyRows(left: Leaving): readonly Readonly<Record<string, unknown>>[] {
  if (left.kind !== "event") return [];
  const { event } = left;
  return [
    {
      user_id: event.userId,
      sequence: event.sequence,
      event_id: event.eventId,
      user_version: event.userVersion,
      type: event.type,
      at: event.at,
      command_id: event.commandId,
      actor: event.actor,
      data: event.data,
      private: event.private,
    },
  ];
}
