import type { EntityManager } from "@mikro-orm/postgresql";
import type { DataRequest } from "../../domain/data-request/data-request.ts";
import type { Link } from "../../domain/link/link.ts";
import { isActive } from "../../domain/link/states.ts";
import type { Operation } from "../../domain/operation/operation.ts";
import { isBefore } from "../../domain/time.ts";
import type { User, UserAddress, UserState } from "../../domain/user/user.ts";
import { type DataRequestRow, toDataRequest } from "../mapping/data-request.ts";
import { type LinkRow, toLink } from "../mapping/link.ts";
import { toOperation } from "../mapping/operation.ts";
import { toUser, type UserRow } from "../mapping/user.ts";
import type { Scope } from "../scope.ts";
import { runSql } from "../sql.ts";
import { tables } from "../tables.ts";
import { offsetOf, type Page, type Paged } from "./page.ts";

/** A user with what is going on: what is past its time at this moment is left out. */
export interface UserOverview {
  readonly user: User;
  readonly activeLink: Link | null;
  readonly openDataRequest: DataRequest | null;
  /** The newest ten, newest first. */
  readonly lastOperations: readonly Operation[];
}

export interface UserFilter {
  readonly state?: UserState;
  /** Created at this moment or later. */
  readonly from?: string;
  /** Created at this moment or earlier. */
  readonly to?: string;
}

export interface UserList extends Page {
  readonly scope: Scope;
  readonly filter: UserFilter;
}

/** A partner's users, newest first. */
export async function listUsers(em: EntityManager, list: UserList): Promise<Paged<User>> {
  const newest = matching(em, list).selectAll().orderBy("created_at", "desc").orderBy("user_id", "desc");
  const count = matching(em, list).select((users) => users.fn.countAll<string>().as("total"));
  const [rows, { total }] = await Promise.all([
    newest.limit(list.limit).offset(offsetOf(list)).execute(),
    count.executeTakeFirstOrThrow(),
  ]);
  return { items: rows.map(toUser), total: Number(total) };
}

function matching(em: EntityManager, { scope, filter }: UserList) {
  const { state, from, to } = filter;
  let users = tables(em)
    .selectFrom("users")
    .where("partner", "=", scope.partner)
    .where("environment", "=", scope.environment);
  if (state !== undefined) users = users.where("state", "=", state);
  if (from !== undefined) users = users.where("created_at", ">=", from);
  if (to !== undefined) users = users.where("created_at", "<=", to);
  return users;
}

const LAST_OPERATIONS = 10;

/** One user by its partner's own id, in two queries at once; null when unknown. */
export async function findUser(em: EntityManager, address: UserAddress, now: string): Promise<UserOverview | null> {
  const { partner, environment, referenceId } = address;
  const [[row], operations] = await Promise.all([
    runSql<OverviewRow>(em, FIND_USER, [partner, environment, referenceId]),
    newestOperations(em, address),
  ]);
  if (row === undefined) return null;
  return {
    user: toUser(row.user),
    activeLink: row.active_link && unlessOver(toLink(row.active_link), (link) => isActive(link, now)),
    openDataRequest:
      row.open_request && unlessOver(toDataRequest(row.open_request), (request) => isBefore(now, request.expiresAt)),
    lastOperations: operations,
  };
}

interface OverviewRow {
  readonly user: UserRow;
  readonly active_link: LinkRow | null;
  readonly open_request: DataRequestRow | null;
}

const FIND_USER = `
  select to_json(u) as "user",
    (select to_json(l) from links l
     where l.user_id = u.user_id and l.status in ('created', 'opened', 'in_progress')) as active_link,
    (select to_json(d) from data_requests d
     where d.user_id = u.user_id and d.status in ('open', 'partially_answered')) as open_request
  from users u where u.partner = $1 and u.environment = $2 and u.reference_id = $3`;

async function newestOperations(em: EntityManager, address: UserAddress): Promise<readonly Operation[]> {
  const rows = await tables(em)
    .selectFrom("operations")
    .selectAll()
    .where("partner", "=", address.partner)
    .where("environment", "=", address.environment)
    .where("reference_id", "=", address.referenceId)
    .orderBy("created_at", "desc")
    .orderBy("operation_id", "desc")
    .limit(LAST_OPERATIONS)
    .execute();
  return rows.map(toOperation);
}

function unlessOver<T>(one: T, isGoingOn: (one: T) => boolean): T | null {
  return isGoingOn(one) ? one : null;
}
