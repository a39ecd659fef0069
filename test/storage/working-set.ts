import type { EntityManager } from "@mikro-orm/postgresql";
import type { Command } from "../../domain/commands.ts";
import { runTogether } from "../../storage/sql.ts";
import { loadWorkingSet, usersStatement } from "../../storage/user-store/load.ts";
import type { WorkingSet } from "../../storage/user-store/working-set.ts";

/** What the store would load for these commands. */
export async function workingSet(em: EntityManager, commands: readonly Command[]): Promise<WorkingSet> {
  const [users] = await runTogether(em, [usersStatement(commands)]);
  return loadWorkingSet(em, commands, users);
}
