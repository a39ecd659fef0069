import type { EntityManager } from "@mikro-orm/postgresql";
import type { DataRequest } from "../../domain/data-request/data-request.ts";
import type { Link } from "../../domain/link/link.ts";
import { isActive } from "../../domain/link/states.ts";
import type { Operation } from "../../domain/operation/operation.ts";
import { isBefore } from "../../domain/time.ts";
import { addressKey } from "../../domain/user/address-key.ts";
import type { User, UserAddress, UserState } from "../../domain/user/user.ts";
import { type DataRequestRow, toDataRequest } from "../mapping/data-request.ts";
import { type LinkRow, toLink } from "../mapping/link.ts";
import { type OperationRow, toOperation } from "../mapping/operation.ts";
import { toUser, type UserRow } from "../mapping/user.ts";
import type { Scope } from "../scope.ts";
import { runTogether, type Statement } from "../sql.ts";
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

/** A user with what stands open, whatever the moment says about that. */
export interface StoredOverview {
  readonly user: UserRow;
  readonly activeLink: LinkRow | null;
  readonly openRequest: DataRequestRow | null;
  readonly operations: readonly OperationRow[];
}

/** Users by their partners' own ids, by address key, in one round trip; unknown ones are left out. */
export async function readOverviews(
  em: EntityManager,
  addresses: readonly UserAddress[],
): Promise<ReadonlyMap<string, StoredOverview>> {
  const parameters = [
    addresses.map(({ partner }) => partner),
    addresses.map(({ environment }) => environment),
    addresses.map(({ referenceId }) => referenceId),
  ];
  const overviews: Statement<OverviewRow> = { sql: FIND_USERS, parameters };
  const newest: Statement<OperationRow> = { sql: NEWEST_OPERATIONS, parameters: [...parameters, LAST_OPERATIONS] };
  const [rows, operations] = await runTogether(em, [overviews, newest]);
  const byUser = Map.groupBy(operations, ({ user_id }) => user_id);
  return new Map(
    rows.map(({ user, active_link: activeLink, open_request: openRequest }) => [
      addressKey({ partner: user.partner, environment: user.environment, referenceId: user.reference_id }),
      { user, activeLink, openRequest, operations: byUser.get(user.user_id) ?? [] },
    ]),
  );
}

/** The user as a reader sees it at this moment. */
export function overviewAt({ user, activeLink, openRequest, operations }: StoredOverview, now: string): UserOverview {
  return {
    user: toUser(user),
    activeLink: activeLink && unlessOver(toLink(activeLink), (link) => isActive(link, now)),
    openDataRequest:
      openRequest && unlessOver(toDataRequest(openRequest), (request) => isBefore(now, request.expiresAt)),
    lastOperations: operations.map(toOperation),
  };
}

interface OverviewRow {
  readonly user: UserRow;
  readonly active_link: LinkRow | null;
  readonly open_request: DataRequestRow | null;
}

const FIND_USERS = `
  select to_json(u) as "user",
    (select to_json(l) from links l
     where l.user_id = u.user_id and l.status in ('created', 'opened', 'in_progress')) as active_link,
    (select to_json(d) from data_requests d
     where d.user_id = u.user_id and d.status in ('open', 'partially_answered')) as open_request
  from unnest($1::text[], $2::text[], $3::text[]) as given(partner, environment, reference_id)
  join users u using (partner, environment, reference_id)`;

const NEWEST_OPERATIONS = `
  select newest.* from unnest($1::text[], $2::text[], $3::text[]) as given(partner, environment, reference_id)
  cross join lateral (
    select * from operations o
    where o.partner = given.partner and o.environment = given.environment and o.reference_id = given.reference_id
    order by o.created_at desc, o.operation_id desc limit $4) newest
  order by newest.created_at desc, newest.operation_id desc`;

function unlessOver<T>(one: T, isGoingOn: (one: T) => boolean): T | null {
  return isGoingOn(one) ? one : null;
}
