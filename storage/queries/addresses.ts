import type { EntityManager } from "@mikro-orm/postgresql";
import type { UserAddress } from "../../domain/user/user.ts";
import { tables } from "../tables.ts";

/** Whose these identity checks are, by attemptId; unknown ones are left out. One query for all. */
export async function addressesOfAttempts(
  em: EntityManager,
  attemptIds: readonly string[],
): Promise<ReadonlyMap<string, UserAddress>> {
  if (attemptIds.length === 0) return new Map();
  const rows = await tables(em)
    .selectFrom("cip_attempts")
    .select(["attempt_id as id", "partner", "environment", "reference_id as referenceId"])
    .where("attempt_id", "in", attemptIds)
    .execute();
  return byId(rows);
}

/** Whose these operations are, by operationId; unknown ones are left out. One query for all. */
export async function addressesOfOperations(
  em: EntityManager,
  operationIds: readonly string[],
): Promise<ReadonlyMap<string, UserAddress>> {
  if (operationIds.length === 0) return new Map();
  const rows = await tables(em)
    .selectFrom("operations")
    .select(["operation_id as id", "partner", "environment", "reference_id as referenceId"])
    .where("operation_id", "in", operationIds)
    .execute();
  return byId(rows);
}

/** Whose this userId is; null when it is nobody's. */
export async function addressOfUser(em: EntityManager, userId: string): Promise<UserAddress | null> {
  const row = await tables(em)
    .selectFrom("users")
    .select(["partner", "environment", "reference_id as referenceId"])
    .where("user_id", "=", userId)
    .executeTakeFirst();
  return row ?? null;
}

function byId(rows: readonly (UserAddress & { readonly id: string })[]): ReadonlyMap<string, UserAddress> {
  return new Map(rows.map(({ id, ...address }) => [id, address]));
}
