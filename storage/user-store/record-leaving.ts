import type { EntityManager } from "@mikro-orm/postgresql";
import { OutboxEntity } from "../entities/outbox.ts";
import { UserHistoryEntity } from "../entities/user-history.ts";
import type { OutgoingMessage } from "./batch.ts";
import type { BulkWriter } from "./bulk.ts";
import { type BatchPlace, draftOf } from "./draft-outbox.ts";
import type { Leaving } from "./run-commands.ts";

/** What leaves from one partition. */
export interface Leavings {
  readonly leaving: readonly Leaving[];
  readonly place: BatchPlace;
}

/**
 * Writes the history and one outbox row for everything that leaves, in order, and gives the messages of each partition as
 * they are to be published. They exist only when the transaction commits.
 */
export async function recordLeaving(
  em: EntityManager,
  bulk: BulkWriter,
  leavings: readonly Leavings[],
): Promise<readonly (readonly OutgoingMessage[])[]> {
  await bulk.insert(
    em,
    UserHistoryEntity,
    leavings.flatMap(({ leaving }) => leaving.flatMap(historyRows)),
  );
  const drafts = leavings.map(({ leaving, place }) => leaving.map((left) => draftOf(left, place)));
  const rows = drafts.flat().map(({ row }) => row);
  const ids = (await bulk.insertNumbered(em, OutboxEntity, rows)).values();
  return drafts.map((own) => own.map(({ message }) => message(ids.next().value ?? -1n)));
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
      world: `${event.address.partner}/${event.address.environment}`,
    },
  ];
}
