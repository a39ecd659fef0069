import type { Command } from "../../domain/commands.ts";
import type { UserRecord } from "../../domain/decision.ts";
import { addressKey } from "../../domain/user/address-key.ts";
import type { UserAddress } from "../../domain/user/user.ts";
import { type CipAttemptRow, toAttempt } from "../mapping/cip-attempt.ts";
import { type DataRequestRow, toDataRequest } from "../mapping/data-request.ts";
import { type HeldResultRow, toHeldResult } from "../mapping/held-result.ts";
import { type LinkRow, toLink } from "../mapping/link.ts";
import { type OperationRow, toOperation } from "../mapping/operation.ts";
import { toUser, USER_COLUMNS, type UserColumns } from "../mapping/user.ts";
import type { RunTogether, Statement } from "../sql.ts";
import { needsOf } from "./needs.ts";
import { addressOf, createWorkingSet, type WorkingSet } from "./working-set.ts";

/** Asks for the users that commands are about. */
export function usersStatement(commands: readonly Command[]): Statement<UserColumns> {
  return {
    sql: `select ${USER_COLUMNS} from users join ${GIVEN_ADDRESSES}`,
    parameters: addressColumns(addressesOf(commands)),
  };
}

/**
 * Loads all that a batch of commands may need besides its users, one query per table whatever the size of the batch. What
 * a command names by id is only loaded when it belongs to the command's own user. Tables that no command of the batch can
 * need are not asked.
 */
export async function loadWorkingSet(
  run: RunTogether,
  commands: readonly Command[],
  users: readonly UserColumns[],
): Promise<WorkingSet> {
  const addresses = addressesOf(commands);
  const needs = needsOf(commands);
  const userIds = users.map(({ user_id }) => user_id);
  const isKnown = userIds.length > 0;
  const [requestRows, firstLinks, attempts, held] = await run([
    isKnown ? dataRequestsStatement(userIds, needs.dataRequestIds) : null,
    isKnown ? linksStatement(userIds, needs.linkIds) : null,
    isKnown && needs.attempts ? attemptsStatement(userIds) : null,
    needs.heldResults ? heldResultsStatement(addresses) : null,
  ]);
  const requests = unique(requestRows, ({ data_request_id }) => data_request_id);
  const linksOfRequests = await loadMissingLinks(run, userIds, { requests, links: firstLinks });
  const links = unique([...firstLinks, ...linksOfRequests], ({ link_id }) => link_id);
  const operationIds = [...needs.operationIds, ...held.flatMap(({ operation_id }) => operation_id ?? [])];
  const ofLinkIds = needs.operationsOfLinkIds;
  const operations = await loadOperations(run, userIds, { ids: operationIds, links, ofLinkIds });
  const found = new Map(users.map((row) => [addressKey(rowAddress(row)), row]));
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

function rowAddress(row: Pick<UserColumns, "partner" | "environment" | "reference_id">): UserAddress {
  return { partner: row.partner, environment: row.environment, referenceId: row.reference_id };
}

function addressesOf(commands: readonly Command[]): readonly UserAddress[] {
  return [...new Map(commands.map((command) => [addressKey(command), addressOf(command)])).values()];
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

const ACTIVE_LINKS = "select * from links where user_id = any($1) and status in ('created', 'opened', 'in_progress')";
const NAMED_LINKS = "select * from links where link_id = any($2) and user_id = any($1)";

function linksStatement(userIds: readonly string[], linkIds: readonly string[]): Statement<LinkRow> {
  return linkIds.length === 0
    ? { sql: ACTIVE_LINKS, parameters: [userIds] }
    : { sql: `${ACTIVE_LINKS} union all ${NAMED_LINKS}`, parameters: [userIds, linkIds] };
}

/** A data request may belong to a link that has ended. */
async function loadMissingLinks(
  run: RunTogether,
  userIds: readonly string[],
  { requests, links }: { readonly requests: readonly DataRequestRow[]; readonly links: readonly LinkRow[] },
): Promise<readonly LinkRow[]> {
  const loaded = new Set(links.map(({ link_id }) => link_id));
  const missing = requests.map(({ link_id }) => link_id).filter((linkId) => !loaded.has(linkId));
  const statement: Statement<LinkRow> = { sql: NAMED_LINKS, parameters: [userIds, missing] };
  const [found] = missing.length === 0 ? [[]] : await run([statement]);
  return found;
}

function dataRequestsStatement(userIds: readonly string[], requestIds: readonly string[]): Statement<DataRequestRow> {
  const waiting = "select * from data_requests where user_id = any($1) and status in ('open', 'partially_answered')";
  const named = "select * from data_requests where data_request_id = any($2) and user_id = any($1)";
  return requestIds.length === 0
    ? { sql: waiting, parameters: [userIds] }
    : { sql: `${waiting} union all ${named}`, parameters: [userIds, requestIds] };
}

function attemptsStatement(userIds: readonly string[]): Statement<CipAttemptRow> {
  return { sql: "select * from cip_attempts where user_id = any($1) order by number", parameters: [userIds] };
}

async function loadOperations(
  run: RunTogether,
  userIds: readonly string[],
  wanted: {
    readonly ids: readonly string[];
    readonly links: readonly LinkRow[];
    readonly ofLinkIds: readonly string[];
  },
): Promise<OperationRow[]> {
  const linkIds = wanted.links.filter(({ status }) => status === "in_progress").map(({ link_id }) => link_id);
  if (userIds.length === 0 || linkIds.length + wanted.ids.length + wanted.ofLinkIds.length === 0) return [];
  const sql = `select * from operations where link_id = any($2) and status in ('created', 'processing') and user_id = any($1)
    union all select * from operations where (operation_id = any($3) or link_id = any($4)) and user_id = any($1)`;
  const parameters = [userIds, linkIds, wanted.ids, wanted.ofLinkIds];
  const [rows] = await run([{ sql, parameters } satisfies Statement as Statement<OperationRow>]);
  return unique(rows, ({ operation_id }) => operation_id);
}

function heldResultsStatement(addresses: readonly UserAddress[]): Statement<HeldResultRow> {
  return {
    sql: `select held_results.* from held_results join ${GIVEN_ADDRESSES} order by held_at, held_result_id`,
    parameters: addressColumns(addresses),
  };
}

/** A json column has no equality, so the database cannot drop what both halves of a union found. */
function unique<Row>(rows: readonly Row[], idOf: (row: Row) => string): Row[] {
  return [...new Map(rows.map((row) => [idOf(row), row])).values()];
}

function grouped<Row extends { readonly user_id: string }>(rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
  return Map.groupBy(rows, ({ user_id }) => user_id);
}
