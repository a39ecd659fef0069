import type { EntityManager } from "@mikro-orm/postgresql";
import { WEBHOOK_EVENT_TYPES } from "../../domain/webhook/catalogue.ts";
import type { PublishedEvent } from "../../domain/webhook/payloads.ts";
import { isoTime } from "../mapping/iso-time.ts";
import type { Scope } from "../scope.ts";
import { runSql } from "../sql.ts";
import { EPOCH_MS, ID, readCursor, SEQUENCE, writeCursor } from "./cursor.ts";

/** Which events to show; null everywhere shows all that partners hear of. */
export interface EventSearch {
  readonly type: string | null;
  readonly referenceId: string | null;
  /** Happened at this moment or later. */
  readonly from: string | null;
  /** Happened at this moment or earlier. */
  readonly to: string | null;
  /** The `nextCursor` of the page before. */
  readonly cursor: string | null;
  readonly limit: number;
}

export interface EventPage {
  readonly items: readonly PublishedEvent[];
  /** Asks for the page behind this one; null when this is the last. */
  readonly nextCursor: string | null;
}

/** A partner's events, newest first, as its webhooks tell them. Null when the cursor is none of ours. */
export async function listEvents(em: EntityManager, scope: Scope, search: EventSearch): Promise<EventPage | null> {
  const { type, referenceId, from, to, cursor, limit } = search;
  const after = cursor === null ? null : readCursor(cursor, [EPOCH_MS, ID, SEQUENCE]);
  if (cursor !== null && after === null) return null;
  const [epochMs, userId = null, sequence = null] = after ?? [];
  const at = epochMs === undefined ? null : new Date(Number(epochMs)).toISOString();
  const types = type === null ? WEBHOOK_EVENT_TYPES : [type];
  const parameters = [worldOf(scope), types, from, to, at, userId, sequence, limit + 1];
  const found =
    referenceId === null
      ? await runSql<EventRow>(em, EVENTS, parameters)
      : await runSql<EventRow>(em, EVENTS_OF_USER, [...parameters, scope.partner, scope.environment, referenceId]);
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return { items: rows.map(toEvent), nextCursor: found.length > limit && last ? cursorAt(last) : null };
}

/** One of a partner's events; null when it is another partner's, unknown, or of a kind that partners do not hear of. */
export async function findEvent(
  em: EntityManager,
  { scope, eventId }: { readonly scope: Scope; readonly eventId: string },
): Promise<PublishedEvent | null> {
  const [row] = await runSql<EventRow>(em, FIND_EVENT, [eventId, worldOf(scope), WEBHOOK_EVENT_TYPES]);
  return row === undefined ? null : toEvent(row);
}

/** The column by which a partner's events of one environment are found. */
export function worldOf({ partner, environment }: Scope): string {
  return `${partner}/${environment}`;
}

interface EventRow {
  readonly event_id: string;
  readonly user_id: string;
  readonly type: string;
  readonly at: string;
  readonly sequence: number;
  readonly user_version: number;
  readonly data: Readonly<Record<string, unknown>>;
}

const COLUMNS = "event_id, user_id, type, at, sequence, user_version, data";
const MATCHING = `
  world = $1 and type = any($2::text[])
  and ($3::timestamptz is null or at >= $3) and ($4::timestamptz is null or at <= $4)
  and ($5::timestamptz is null or (at, user_id, sequence) < ($5, $6, $7::int))`;
const EVENTS = `
  select ${COLUMNS} from user_history where ${MATCHING}
  order by at desc, user_id desc, sequence desc limit $8`;
/** Along the history's own key: a user's times never go back, so its sequence is the same order. */
const EVENTS_OF_USER = `
  select ${COLUMNS} from user_history where ${MATCHING}
  and user_id = (select user_id from users where partner = $9 and environment = $10 and reference_id = $11)
  order by sequence desc limit $8`;
const FIND_EVENT = `
  select ${COLUMNS} from user_history where event_id = $1 and world = $2 and type = any($3::text[])`;

function cursorAt({ at, user_id: userId, sequence }: EventRow): string {
  return writeCursor([String(Date.parse(isoTime(at))), userId, String(sequence)]);
}

function toEvent(row: EventRow): PublishedEvent {
  const { event_id: eventId, type, at, sequence, user_version: userVersion, data } = row;
  return { eventId, type, at: isoTime(at), sequence, userVersion, data };
}
