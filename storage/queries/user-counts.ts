import type { EntityManager } from "@mikro-orm/postgresql";
import type { UserState } from "../../domain/user/user.ts";
import { runSql } from "../sql.ts";

/** How many users are in each state, over all partners; states without a user are left out. Reads every user once. */
export async function countUsersByState(em: EntityManager): Promise<ReadonlyMap<UserState, number>> {
  const sql = "select state, count(*)::int as users from users group by state";
  const rows = await runSql<{ state: UserState; users: number }>(em, sql, []);
  return new Map(rows.map(({ state, users }) => [state, users]));
}
