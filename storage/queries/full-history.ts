import type { EntityManager } from "@mikro-orm/postgresql";
import type { UserEvent } from "../../domain/events.ts";
import type { UserAddress } from "../../domain/user/user.ts";
import { isoTime } from "../mapping/iso-time.ts";
import { runSql } from "../sql.ts";

/**
 * A user's whole history with its private parts, the first event first: what replays into the stored user (P5). Null when
 * the partner has no user with this referenceId. Holds values: for explanations only, never to be shown or logged.
 */
export async function readFullHistory(em: EntityManager, address: UserAddress): Promise<readonly UserEvent[] | null> {
  const { partner, environment, referenceId } = address;
  const rows = await runSql<FullHistoryRow>(em, FULL_HISTORY, [partner, environment, referenceId]);
  return rows.length === 0 ? null : rows.map((row) => toEvent(row, { partner, environment, referenceId }));
}

const FULL_HISTORY = `
  select user_id, sequence, event_id, type, user_history.at, user_version, actor, command_id, data, private
  from users join user_history using (user_id)
  where partner = $1 and environment = $2 and reference_id = $3 order by sequence`;

interface FullHistoryRow {
  readonly user_id: string;
  readonly sequence: number;
  readonly event_id: string;
  readonly type: string;
  readonly at: string;
  readonly user_version: number;
  readonly actor: UserEvent["actor"];
  readonly command_id: string;
  readonly data: unknown;
  readonly private: unknown;
}

/** What stands in the history was an event when it was written; columns of the database know no union. */
function toEvent(row: FullHistoryRow, address: UserAddress): UserEvent {
  const { sequence, actor, data } = row;
  return {
    ...{ sequence, actor, data, address },
    type: row.type,
    private: row.private,
    eventId: row.event_id,
    userId: row.user_id,
    userVersion: row.user_version,
    at: isoTime(row.at),
    commandId: row.command_id,
  } as UserEvent;
}
