import type { EntityManager } from "@mikro-orm/postgresql";
import type { StoredDecision } from "../decisions.ts";
import { isoTime } from "../mapping/iso-time.ts";
import type { Scope } from "../scope.ts";
import { tables } from "../tables.ts";

/** What became of a command, and when that was decided. */
export interface DecidedCommand extends StoredDecision {
  readonly commandType: string;
  readonly decidedAt: string;
}

/** The decision of one of a partner's commands; null while it is undecided, and for another partner's. */
export async function findDecidedCommand(
  em: EntityManager,
  { scope, commandId }: { scope: Scope; commandId: string },
): Promise<DecidedCommand | null> {
  const row = await tables(em)
    .selectFrom("decisions")
    .selectAll()
    .where("command_id", "=", commandId)
    .where("partner", "=", scope.partner)
    .where("environment", "=", scope.environment)
    .orderBy("decided_at")
    .executeTakeFirst();
  if (row === undefined) return null;
  const { outcome, answer, refusal, command_type: commandType } = row;
  return { commandId, commandType, outcome, answer, refusal, decidedAt: isoTime(row.decided_at) };
}
