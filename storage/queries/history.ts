import type { EntityManager } from "@mikro-orm/postgresql";
import type { Actor } from "../../domain/commands.ts";
import type { UserAddress } from "../../domain/user/user.ts";
import { isoTime } from "../mapping/iso-time.ts";
import { runSql } from "../sql.ts";
import { readCursor, SEQUENCE, writeCursor } from "./cursor.ts";

/** One event of a user's history without its private part: no value of a field. */
export interface HistoryEntry {
  readonly sequence: number;
  readonly eventId: string;
  readonly type: string;
  readonly at: string;
  readonly userVersion: number;
  readonly actor: Actor;
  readonly commandId: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface HistoryPage {
  readonly items: readonly HistoryEntry[];
  /** Asks for the page behind this one; null when this is the last. */
  readonly nextCursor: string | null;
}

export interface HistorySearch {
  /** The `nextCursor` of the page before. */
  readonly cursor: string | null;
  readonly limit: number;
}

/**
 * A user's events, newest first, along the history's own key. `unknown_user` when the partner has none with this
 * referenceId, `unknown_cursor` when the cursor is none of ours.
 */
export async function listHistory(
  em: EntityManager,
  { partner, environment, referenceId }: UserAddress,
  { cursor, limit }: HistorySearch,
): Promise<HistoryPage | "unknown_user" | "unknown_cursor"> {
  const before = cursor === null ? [NEWEST] : readCursor(cursor, [SEQUENCE]);
  if (before === null) return "unknown_cursor";
  const [user] = await runSql<{ readonly user_id: string }>(em, FIND_USER_ID, [partner, environment, referenceId]);
  if (user === undefined) return "unknown_user";
  // One more than asked for tells whether there is another page.
  const found = await runSql<HistoryRow>(em, HISTORY, [user.user_id, before[0], limit + 1]);
  const items = found.slice(0, limit).map(toEntry);
  const last = items.at(-1);
  return {
    items,
    nextCursor: found.length > limit && last !== undefined ? writeCursor([String(last.sequence)]) : null,
  };
}

const NEWEST = "2147483647";

const FIND_USER_ID = "select user_id from users where partner = $1 and environment = $2 and reference_id = $3";

const HISTORY = `
  select sequence, event_id, type, at, user_version, actor, command_id, data from user_history
  where user_id = $1 and sequence < $2::int order by sequence desc limit $3`;

interface HistoryRow {
  readonly sequence: number;
  readonly event_id: string;
  readonly type: string;
  readonly at: string;
  readonly user_version: number;
  readonly actor: Actor;
  readonly command_id: string;
  readonly data: Readonly<Record<string, unknown>>;
}

function toEntry(row: HistoryRow): HistoryEntry {
  const { sequence, event_id: eventId, type, user_version: userVersion, actor, command_id: commandId, data } = row;
  return { sequence, eventId, type, at: isoTime(row.at), userVersion, actor, commandId, data };
}
