import type { EntityManager } from "@mikro-orm/postgresql";
import type { Command } from "../../domain/commands.ts";
import type { UserRecord } from "../../domain/decision.ts";
import { addressKey } from "../../domain/user/address-key.ts";
import type { UserAddress } from "../../domain/user/user.ts";
import { type CipAttemptRow, toAttempt } from "../mapping/cip-attempt.ts";
import { type DataRequestRow, toDataRequest } from "../mapping/data-request.ts";
import { type HeldResultRow, toHeldResult } from "../mapping/held-result.ts";
import { type LinkRow, toLink } from "../mapping/link.ts";
import { type OperationRow, toOperation } from "../mapping/operation.ts";
import { toUser, type UserRow } from "../mapping/user.ts";
import { runSql } from "../sql.ts";
import { needsOf } from "./needs.ts";
import { addressOf, createWorkingSet, type WorkingSet } from "./working-set.ts";

/**
 * Loads all that a batch of commands may need, one query per table whatever the size of the batch. What a command names
 * by id is only loaded when it belongs to the command's own user. Tables that no command of the batch can need are not
 * asked.
 */
export async function loadWorkingSet(em: EntityManager, commands: readonly Command[]): Promise<WorkingSet> {
  const addresses = [...new Map(commands.map((command) => [addressKey(command), addressOf(command)])).values()];
  const needs = needsOf(commands);
  const users = await loadUsers(em, addresses);
  const userIds = users.map(({ user_id }) => user_id);
  const requests = await loadDataRequests(em, userIds, needs.dataRequestIds);
  const requestLinkIds = requests.map(({ link_id }) => link_id);
  const links = await loadLinks(em, userIds, [...needs.linkIds, ...requestLinkIds]);
  const attempts = needs.attempts ? await loadAttempts(em, userIds) : [];
  const held = needs.heldResults ? await loadHeldResults(em, addresses) : [];
  const operationIds = [...needs.operationIds, ...held.flatMap(({ operation_id }) => operation_id ?? [])];
  const operations = await loadOperations(em, userIds, { ids: operationIds, links });
  const found = new Map(users.map((row) => [addressKey(toUser(row)), row]));
  const byUser = {
    links: grouped(links),
    requests: grouped(requests),
    attempts: grouped(attempts),
    operations: grouped(operations),
  };
  return createWorkingSet(
    addresses.map((address) => {
      const row = found.get(addressKey(address));
      const own = <Row>(rows: ReadonlyMap<string, readonly Row[]>): readonly Row[] =>
        rows.get(row?.user_id ?? "") ?? [];
      const record: UserRecord = {
        user: row === undefined ? null : toUser(row),
        links: own(byUser.links).map(toLink),
        dataRequests: own(byUser.requests).map(toDataRequest),
        attempts: own(byUser.attempts).map(toAttempt),
        operations: own(byUser.operations).map(toOperation),
        heldResults: held
          .filter((candidate) => addressKey(rowAddress(candidate)) === addressKey(address))
          .map(toHeldResult),
      };
      return { address, record, lastConfirmed: row?.last_confirmed ?? {} };
    }),
  );
}

function rowAddress(row: HeldResultRow): UserAddress {
  return { partner: row.partner, environment: row.environment, referenceId: row.reference_id };
}

function loadUsers(em: EntityManager, addresses: readonly UserAddress[]): Promise<UserRow[]> {
  return runSql(em, `select users.* from users join ${GIVEN_ADDRESSES}`, addressColumns(addresses));
}

const GIVEN_ADDRESSES = `unnest($1::text[], $2::text[], $3::text[]) as given(partner, environment, reference_id)
  using (partner, environment, reference_id)`;

function addressColumns(addresses: readonly UserAddress[]): readonly unknown[] {
  return [
    addresses.map(({ partner }) => partner),
    addresses.map(({ environment }) => environment),
    addresses.map(({ referenceId }) => referenceId),
  ];
}

async function loadLinks(
  em: EntityManager,
  userIds: readonly string[],
  linkIds: readonly string[],
): Promise<LinkRow[]> {
  if (userIds.length === 0) return [];
  const active = "select * from links where user_id = any($1) and status in ('created', 'opened', 'in_progress')";
  const named = "select * from links where link_id = any($2) and user_id = any($1)";
  const rows = await runSql<LinkRow>(em, linkIds.length === 0 ? active : `${active} union all ${named}`, [
    userIds,
    ...(linkIds.length === 0 ? [] : [linkIds]),
  ]);
  return unique(rows, ({ link_id }) => link_id);
}

async function loadDataRequests(
  em: EntityManager,
  userIds: readonly string[],
  requestIds: readonly string[],
): Promise<DataRequestRow[]> {
  if (userIds.length === 0) return [];
  const waiting = "select * from data_requests where user_id = any($1) and status in ('open', 'partially_answered')";
  const named = "select * from data_requests where data_request_id = any($2) and user_id = any($1)";
  const rows = await runSql<DataRequestRow>(em, requestIds.length === 0 ? waiting : `${waiting} union all ${named}`, [
    userIds,
    ...(requestIds.length === 0 ? [] : [requestIds]),
  ]);
  return unique(rows, ({ data_request_id }) => data_request_id);
}

async function loadAttempts(em: EntityManager, userIds: readonly string[]): Promise<CipAttemptRow[]> {
  if (userIds.length === 0) return [];
  return runSql(em, "select * from cip_attempts where user_id = any($1) order by number", [userIds]);
}

async function loadOperations(
  em: EntityManager,
  userIds: readonly string[],
  wanted: { readonly ids: readonly string[]; readonly links: readonly LinkRow[] },
): Promise<OperationRow[]> {
  const linkIds = wanted.links.filter(({ status }) => status === "in_progress").map(({ link_id }) => link_id);
  if (userIds.length === 0 || linkIds.length + wanted.ids.length === 0) return [];
  const sql = `select * from operations where link_id = any($2) and status in ('created', 'processing') and user_id = any($1)
    union all select * from operations where operation_id = any($3) and user_id = any($1)`;
  const rows = await runSql<OperationRow>(em, sql, [userIds, linkIds, wanted.ids]);
  return unique(rows, ({ operation_id }) => operation_id);
}

function loadHeldResults(em: EntityManager, addresses: readonly UserAddress[]): Promise<HeldResultRow[]> {
  const sql = `select held_results.* from held_results join ${GIVEN_ADDRESSES} order by held_at, held_result_id`;
  return runSql(em, sql, addressColumns(addresses));
}

/** A json column has no equality, so the database cannot drop what both halves of a union found. */
function unique<Row>(rows: readonly Row[], idOf: (row: Row) => string): Row[] {
  return [...new Map(rows.map((row) => [idOf(row), row])).values()];
}

function grouped<Row extends { readonly user_id: string }>(rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
  return Map.groupBy(rows, ({ user_id }) => user_id);
}
