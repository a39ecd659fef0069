import type { EntityManager } from "@mikro-orm/postgresql";
import type { Operation, OperationStatus } from "../../domain/operation/operation.ts";
import { type OperationRow, toOperation } from "../mapping/operation.ts";
import type { Scope } from "../scope.ts";
import { tables } from "../tables.ts";
import { offsetOf, type Page, type Paged } from "./page.ts";

/** An operation with whose it is. */
export interface ShownOperation {
  readonly operation: Operation;
  readonly userId: string;
  readonly referenceId: string;
}

export interface OperationFilter {
  readonly referenceId?: string;
  readonly userId?: string;
  readonly linkId?: string;
  readonly status?: OperationStatus;
  /** Created at this moment or later. */
  readonly from?: string;
  /** Created at this moment or earlier. */
  readonly to?: string;
}

export interface OperationList extends Page {
  readonly scope: Scope;
  readonly filter: OperationFilter;
}

/** A partner's operations, newest first. */
export async function listOperations(em: EntityManager, list: OperationList): Promise<Paged<ShownOperation>> {
  const newest = matching(em, list).selectAll().orderBy("created_at", "desc").orderBy("operation_id", "desc");
  const count = matching(em, list).select((operations) => operations.fn.countAll<string>().as("total"));
  const [rows, { total }] = await Promise.all([
    newest.limit(list.limit).offset(offsetOf(list)).execute(),
    count.executeTakeFirstOrThrow(),
  ]);
  return { items: rows.map(shown), total: Number(total) };
}

/** One of a partner's operations; null when it is another partner's or unknown. */
export async function findOperation(
  em: EntityManager,
  { scope, operationId }: { readonly scope: Scope; readonly operationId: string },
): Promise<ShownOperation | null> {
  const row = await tables(em)
    .selectFrom("operations")
    .selectAll()
    .where("operation_id", "=", operationId)
    .where("partner", "=", scope.partner)
    .where("environment", "=", scope.environment)
    .executeTakeFirst();
  return row === undefined ? null : shown(row);
}

function matching(em: EntityManager, { scope, filter }: OperationList) {
  const { referenceId, userId, linkId, status, from, to } = filter;
  let operations = tables(em)
    .selectFrom("operations")
    .where("partner", "=", scope.partner)
    .where("environment", "=", scope.environment);
  if (referenceId !== undefined) operations = operations.where("reference_id", "=", referenceId);
  if (userId !== undefined) operations = operations.where("user_id", "=", userId);
  if (linkId !== undefined) operations = operations.where("link_id", "=", linkId);
  if (status !== undefined) operations = operations.where("status", "=", status);
  if (from !== undefined) operations = operations.where("created_at", ">=", from);
  if (to !== undefined) operations = operations.where("created_at", "<=", to);
  return operations;
}

function shown(row: OperationRow): ShownOperation {
  return { operation: toOperation(row), userId: row.user_id, referenceId: row.reference_id };
}
