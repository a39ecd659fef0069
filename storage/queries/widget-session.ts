import type { EntityManager } from "@mikro-orm/postgresql";
import type { Operation } from "../../domain/operation/operation.ts";
import { type PartnerSettings, settingsOf } from "../../domain/partner.ts";
import type { User } from "../../domain/user/user.ts";
import { type LinkRow, toLink } from "../mapping/link.ts";
import { toUser, type UserRow } from "../mapping/user.ts";
import { runSql } from "../sql.ts";
import { latestOperations } from "./latest-operations.ts";
import type { StoredLink } from "./links.ts";

/** All that the page behind a link needs; the link's status is the stored one, `sessionOf` judges the moment. */
export interface WidgetSessionFacts extends StoredLink {
  readonly user: User;
  /** The newest operation of the link. */
  readonly operation: Operation | null;
  readonly settings: PartnerSettings;
  readonly isSuspended: boolean;
}

/**
 * The facts of a link's session, in two look-ups by key at once; null when there is no such link. The only read that is
 * not limited to a partner: whoever calls has checked the link's token (C10).
 */
export async function findWidgetSession(em: EntityManager, linkId: string): Promise<WidgetSessionFacts | null> {
  const [[row], operations] = await Promise.all([
    runSql<SessionRow>(em, FIND_SESSION, [linkId]),
    latestOperations(em, [linkId]),
  ]);
  if (row === undefined) return null;
  const { partner, environment, reference_id: referenceId } = row;
  return {
    link: toLink(row),
    userId: row.user_id,
    address: { partner, environment, referenceId },
    user: toUser(row.user),
    operation: operations.get(linkId) ?? null,
    settings: settingsOf(row.partner_settings),
    isSuspended: row.partner_status === "suspended",
  };
}

interface SessionRow extends LinkRow {
  readonly user: UserRow;
  readonly partner_settings: Partial<PartnerSettings>;
  readonly partner_status: "active" | "suspended";
}

const FIND_SESSION = `
  select l.*, to_json(u) as "user", p.settings as partner_settings, p.status as partner_status
  from links l join users u on u.user_id = l.user_id join partners p on p.slug = l.partner
  where l.link_id = $1`;
