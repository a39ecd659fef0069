import type { EntityManager } from "@mikro-orm/postgresql";
import type { Environment, User } from "../../domain/user/user.ts";
import { toUser } from "../mapping/user.ts";
import { tables } from "../tables.ts";

const AT_ONCE = 1_000;
const WORLDS = ["test", "live"] as const satisfies readonly Environment[];

/** Every user of a partner in both environments, a thousand at a time: for what has to look at all of them (A12). */
export async function* everyUserOf(em: () => EntityManager, partner: string): AsyncGenerator<readonly User[]> {
  for (const environment of WORLDS) {
    let users = await usersBehind(em(), { partner, environment }, "");
    while (users.length > 0) {
      yield users;
      users = await usersBehind(em(), { partner, environment }, users.at(-1)?.referenceId ?? "");
    }
  }
}

/** Along the unique index of referenceIds. */
async function usersBehind(
  em: EntityManager,
  { partner, environment }: { readonly partner: string; readonly environment: Environment },
  referenceId: string,
): Promise<readonly User[]> {
  const rows = await tables(em)
    .selectFrom("users")
    .selectAll()
    .where("partner", "=", partner)
    .where("environment", "=", environment)
    .where("reference_id", ">", referenceId)
    .orderBy("reference_id")
    .limit(AT_ONCE)
    .execute();
  return rows.map(toUser);
}
