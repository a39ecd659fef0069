import type { EntityManager } from "@mikro-orm/postgresql";
import type { Actor } from "../../domain/commands.ts";
import { isoTime } from "../mapping/iso-time.ts";
import type { Scope } from "../scope.ts";
import { runSql } from "../sql.ts";

/** Something that happened to a link, or because of it; no value of a field. */
export interface LinkActivity {
  readonly at: string;
  readonly type: string;
  readonly actor: Actor;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Nobody reads more than this of one link. */
const MOST_ENTRIES = 1_000;

/**
 * What happened to a link, oldest first: its own moves, its data requests and operations, the identity checks and the
 * data that its page brought. Null when the link is another partner's or unknown.
 */
export async function listLinkActivity(
  em: EntityManager,
  { scope, linkId }: { readonly scope: Scope; readonly linkId: string },
): Promise<readonly LinkActivity[] | null> {
  const [link] = await runSql<{ readonly user_id: string }>(em, FIND_OWNER, [linkId, scope.partner, scope.environment]);
  if (link === undefined) return null;
  const rows = await runSql<ActivityRow>(em, ACTIVITY, [link.user_id, linkId, MOST_ENTRIES]);
  return rows.map(({ at, type, actor, data }) => ({ at: isoTime(at), type, actor, detail: data }));
}

const FIND_OWNER = "select user_id from links where link_id = $1 and partner = $2 and environment = $3";

interface ActivityRow {
  readonly at: string;
  readonly type: string;
  readonly actor: Actor;
  readonly data: Readonly<Record<string, unknown>>;
}

/** One user's history along its key; an attempt says itself by which link it came. */
const ACTIVITY = `
  select at, type, actor, data from user_history
  where user_id = $1 and (
    data ->> 'linkId' = $2 or private ->> 'widgetLinkId' = $2
    or data ->> 'attemptId' in (select attempt_id from cip_attempts where link_id = $2)
    or data ->> 'operationId' in (select operation_id from operations where link_id = $2)
  )
  order by sequence limit $3`;
