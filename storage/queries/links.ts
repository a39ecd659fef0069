import type { EntityManager } from "@mikro-orm/postgresql";
import type { Link, LinkStatus } from "../../domain/link/link.ts";
import { isEnded, statusAt } from "../../domain/link/states.ts";
import type { Operation } from "../../domain/operation/operation.ts";
import type { User, UserAddress } from "../../domain/user/user.ts";
import { type LinkRow, toLink } from "../mapping/link.ts";
import { toUser, type UserRow } from "../mapping/user.ts";
import type { Scope } from "../scope.ts";
import { runSql } from "../sql.ts";
import { tables } from "../tables.ts";
import { latestOperations } from "./latest-operations.ts";
import { offsetOf, type Page, type Paged } from "./page.ts";

/** A link with whose it is, as stored: a reader of its status wants `statusAt`. */
export interface StoredLink {
  readonly link: Link;
  readonly userId: string;
  readonly address: UserAddress;
}

/** A link with what its partner sees of it. The status is the one of this moment: `expired` as soon as it is (C). */
export interface ShownLink extends StoredLink {
  readonly user: User;
  /** The newest operation of the link. */
  readonly operation: Operation | null;
}

export interface LinkFilter {
  readonly status?: LinkStatus;
  readonly referenceId?: string;
  /** Created at this moment or later. */
  readonly from?: string;
  /** Created at this moment or earlier. */
  readonly to?: string;
  /** `active`: neither past its time nor revoked; `expired`: past its time and not revoked. */
  readonly visibility?: "active" | "expired";
}

export interface LinkList extends Page {
  readonly scope: Scope;
  readonly filter: LinkFilter;
  /** The moment that decides what has expired. */
  readonly now: string;
}

/** A partner's links, newest first. */
export async function listLinks(em: EntityManager, list: LinkList): Promise<Paged<ShownLink>> {
  const newest = matching(em, list).selectAll().orderBy("created_at", "desc").orderBy("link_id", "desc");
  const count = matching(em, list).select((links) => links.fn.countAll<string>().as("total"));
  const [rows, { total }] = await Promise.all([
    newest.limit(list.limit).offset(offsetOf(list)).execute(),
    count.executeTakeFirstOrThrow(),
  ]);
  return { items: await shown(em, rows, list.now), total: Number(total) };
}

/** One of a partner's links; null when it is another partner's or unknown. */
export async function findLink(
  em: EntityManager,
  { scope, linkId }: { scope: Scope; linkId: string },
  now: string,
): Promise<ShownLink | null> {
  const [found, operations] = await Promise.all([
    runSql<LinkRow & { readonly user: UserRow }>(em, FIND_LINK, [linkId, scope.partner, scope.environment]),
    latestOperations(em, [linkId]),
  ]);
  const [row] = found;
  if (row === undefined) return null;
  const stored = storedLink(row);
  return {
    ...stored,
    link: asOf(stored.link, now),
    user: toUser(row.user),
    operation: operations.get(linkId) ?? null,
  };
}

/** Links by their ids, whoever they belong to: the caller has to look. Unknown ones are left out; the status is the stored one. */
export async function readLinks(
  em: EntityManager,
  linkIds: readonly string[],
): Promise<ReadonlyMap<string, StoredLink>> {
  const rows = await runSql<LinkRow>(em, "select * from links where link_id = any($1)", [linkIds]);
  return new Map(rows.map((row) => [row.link_id, storedLink(row)]));
}

const FIND_LINK = `
  select l.*, to_json(u) as "user" from links l join users u on u.user_id = l.user_id
  where l.link_id = $1 and l.partner = $2 and l.environment = $3`;

/** The links of a list, before order and page. What has expired is decided by the same words as in `statusAt`. */
function matching(em: EntityManager, { scope, filter, now }: LinkList) {
  const { status, referenceId, from, to, visibility } = filter;
  let links = tables(em)
    .selectFrom("links")
    .where("partner", "=", scope.partner)
    .where("environment", "=", scope.environment);
  if (referenceId !== undefined) links = links.where("reference_id", "=", referenceId);
  if (from !== undefined) links = links.where("created_at", ">=", from);
  if (to !== undefined) links = links.where("created_at", "<=", to);
  if (visibility !== undefined) {
    links = links.where("status", "<>", "revoked").where((is) => {
      const isPast = is.and([is("expires_at", "<=", now), is("committed_operation_id", "is", null)]);
      const isExpired = is.or([is("status", "=", "expired"), isPast]);
      return visibility === "expired" ? isExpired : is.not(isExpired);
    });
  }
  if (status === undefined) return links;
  return links.where((is) => {
    const isPast = is.and([is("expires_at", "<=", now), is("committed_operation_id", "is", null)]);
    if (status === "expired") return is.or([is("status", "=", status), is.and([is("status", "in", ACTIVE), isPast])]);
    return isEnded(status) ? is("status", "=", status) : is.and([is("status", "=", status), is.not(isPast)]);
  });
}

const ACTIVE = ["created", "opened", "in_progress"] as const satisfies readonly LinkStatus[];

/** Brings the users and newest operations of a page, with one query each. */
async function shown(em: EntityManager, rows: readonly LinkRow[], now: string): Promise<readonly ShownLink[]> {
  if (rows.length === 0) return [];
  const userIds = [...new Set(rows.map((row) => row.user_id))];
  const [users, operations] = await Promise.all([
    tables(em).selectFrom("users").selectAll().where("user_id", "in", userIds).execute(),
    latestOperations(
      em,
      rows.map((row) => row.link_id),
    ),
  ]);
  const usersById = new Map(users.map((row) => [row.user_id, toUser(row)]));
  return rows.flatMap((row) => {
    const user = usersById.get(row.user_id);
    const operation = operations.get(row.link_id) ?? null;
    return user === undefined ? [] : [{ ...storedLink(row), link: asOf(toLink(row), now), user, operation }];
  });
}

function storedLink(row: LinkRow): StoredLink {
  const { partner, environment, reference_id: referenceId } = row;
  return { link: toLink(row), userId: row.user_id, address: { partner, environment, referenceId } };
}

function asOf(link: Link, now: string): Link {
  return { ...link, status: statusAt(link, now) };
}
