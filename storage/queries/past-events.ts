import type { EntityManager } from "@mikro-orm/postgresql";
import { WEBHOOK_EVENT_TYPES } from "../../domain/webhook/catalogue.ts";
import type { PublishedEvent } from "../../domain/webhook/payloads.ts";
import type { ReplayCursor, ReplayFilter } from "../entities/webhook-replay.ts";
import { isoTime } from "../mapping/iso-time.ts";
import type { Scope } from "../scope.ts";
import { runSql } from "../sql.ts";
import { worldOf } from "./events.ts";

/** An event out of the history, with what it takes to deliver it again. */
export interface PastEvent extends PublishedEvent {
  readonly userId: string;
  readonly referenceId: string;
  /** The link that the event names, if any. */
  readonly linkId: string | null;
}

/** One of a partner's events; null when it is another partner's, unknown, or of a kind that partners do not hear of. */
export async function findPastEvent(em: EntityManager, scope: Scope, eventId: string): Promise<PastEvent | null> {
  const [row] = await runSql<PastEventRow>(em, FIND, [worldOf(scope), WEBHOOK_EVENT_TYPES, eventId]);
  return row === undefined ? null : toPastEvent(row);
}

/** Which events come next: behind `after`, at most `limit` of them. */
export interface NextEvents {
  readonly filter: Pick<ReplayFilter, "from" | "to" | "types" | "referenceId">;
  readonly after: ReplayCursor | null;
  readonly limit: number;
}

/** A partner's events in the order of its history, the oldest first: the order by which a cursor walks through them. */
export async function nextPastEvents(
  em: EntityManager,
  scope: Scope,
  { filter, after, limit }: NextEvents,
): Promise<readonly PastEvent[]> {
  const { from, to, types, referenceId } = filter;
  const wanted = types ?? WEBHOOK_EVENT_TYPES;
  const place = [after?.at ?? null, after?.userId ?? null, after?.sequence ?? null];
  const parameters = [worldOf(scope), wanted, from, to, ...place, limit];
  const rows =
    referenceId === null
      ? await runSql<PastEventRow>(em, NEXT, parameters)
      : await runSql<PastEventRow>(em, NEXT_OF_USER, [...parameters, scope.partner, scope.environment, referenceId]);
  return rows.map(toPastEvent);
}

/** Where a cursor stands that has come as far as this event. */
export function cursorAt({ at, userId, sequence }: PastEvent): ReplayCursor {
  return { at, userId, sequence };
}

interface PastEventRow {
  readonly event_id: string;
  readonly user_id: string;
  readonly type: string;
  readonly at: string;
  readonly sequence: number;
  readonly user_version: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly reference_id: string;
}

const SELECT = `
  select event_id, user_id, type, at, sequence, user_version, data, reference_id
  from user_history join users using (user_id)
  where world = $1 and type = any($2::text[])`;
const FIND = `${SELECT} and event_id = $3`;
const MATCHING = `${SELECT}
  and ($3::timestamptz is null or at >= $3) and at <= $4::timestamptz
  and ($5::timestamptz is null or (at, user_id, sequence) > ($5, $6, $7::int))`;
const IN_ORDER = "order by at, user_id, sequence limit $8";
const NEXT = `${MATCHING} ${IN_ORDER}`;
const NEXT_OF_USER = `${MATCHING}
  and user_id = (select user_id from users where partner = $9 and environment = $10 and reference_id = $11)
  ${IN_ORDER}`;

function toPastEvent(row: PastEventRow): PastEvent {
  const { event_id: eventId, user_id: userId, type, at, sequence, user_version: userVersion, data } = row;
  const { linkId } = data;
  return {
    ...{ eventId, userId, type, at: isoTime(at), sequence, userVersion, data, referenceId: row.reference_id },
    linkId: typeof linkId === "string" ? linkId : null,
  };
}
