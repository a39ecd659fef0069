import type { EntityManager } from "@mikro-orm/postgresql";
import type { Command } from "../../domain/commands.ts";
import { inPipelinedTransaction } from "../../storage/sql.ts";
import { loadWorkingSet, usersStatement } from "../../storage/user-store/load.ts";
import type { WorkingSet } from "../../storage/user-store/working-set.ts";

/** What the store would load for these commands. */
export function workingSet(em: EntityManager, commands: readonly Command[]): Promise<WorkingSet> {
  return inPipelinedTransaction(em, async ({ run }) => {
    const [users] = await run([usersStatement(commands)]);
    return loadWorkingSet(run, commands, users);
  });
}
