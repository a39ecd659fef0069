import type { EntityManager } from "@mikro-orm/postgresql";
import { OutboxEntity } from "../entities/outbox.ts";
import { UserHistoryEntity } from "../entities/user-history.ts";
import type { OutgoingMessage } from "./batch.ts";
import type { BulkWriter, Write } from "./bulk.ts";
import { type BatchPlace, draftOf } from "./draft-outbox.ts";
import type { Leaving } from "./run-commands.ts";

/** What leaves from one partition. */
export interface Leavings {
  readonly leaving: readonly Leaving[];
  readonly place: BatchPlace;
}

/** The writes for what leaves, and the messages that they number. */
export interface Departure {
  readonly writes: readonly Write[];
  /** The messages of each partition as they are to be published, once the writes have given their rows. */
  readonly messages: (written: ReadonlyMap<Write, readonly unknown[]>) => readonly (readonly OutgoingMessage[])[];
}

/**
 * Writes the history and one outbox row for everything that leaves, in order. The messages exist only when the transaction
 * commits.
 */
export function recordLeaving(em: EntityManager, bulk: BulkWriter, leavings: readonly Leavings[]): Departure {
  const history = leavings.flatMap(({ leaving }) => leaving.flatMap(historyRows));
  const drafts = leavings.map(({ leaving, place }) => leaving.map((left) => draftOf(left, place)));
  const rows = drafts.flat().map(({ row }) => row);
  const numbered = bulk.insertNumbered(em, OutboxEntity, rows);
  return {
    writes: [...bulk.insert(em, UserHistoryEntity, history), ...numbered],
    messages: (written) => {
      const ids = numbered.flatMap((write) => idsOf(written.get(write) ?? [])).values();
      return drafts.map((own) => own.map(({ message }) => message(ids.next().value ?? -1n)));
    },
  };
}

/** Rows are numbered in their order and may be given in another. */
function idsOf(rows: readonly unknown[]): readonly bigint[] {
  return (rows as readonly { readonly id: string }[]).map(({ id }) => BigInt(id)).sort((a, b) => (a < b ? -1 : 1));
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
