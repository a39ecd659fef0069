import type { EntityManager } from "@mikro-orm/postgresql";
import type { Command } from "../../domain/commands.ts";
import type { StoredDecision } from "../decisions.ts";
import { DecisionEntity } from "../entities/decision.ts";
import { RefusalEntity } from "../entities/refusal.ts";
import type { Statement } from "../sql.ts";
import type { BulkWriter, Write } from "./bulk.ts";
import { commandIdentity, type DecidedCommand } from "./run-commands.ts";

interface DecisionRow {
  readonly command_id: string;
  readonly partner: string;
  readonly environment: Command["environment"];
  readonly reference_id: string;
  readonly outcome: StoredDecision["outcome"];
  readonly answer: StoredDecision["answer"];
  readonly refusal: StoredDecision["refusal"];
}

/** Asks for what was decided of commands before. */
export function decisionsStatement(commands: readonly Command[]): Statement<DecisionRow> {
  return {
    sql: "select * from decisions where command_id = any($1)",
    parameters: [commands.map(({ commandId }) => commandId)],
  };
}

/** What was decided before, by command and user. */
export function knownDecisions(rows: readonly DecisionRow[]): Map<string, StoredDecision> {
  return new Map(
    rows.map(({ command_id: commandId, partner, environment, reference_id: referenceId, outcome, answer, refusal }) => [
      commandIdentity(commandId, { partner, environment, referenceId }),
      { commandId, outcome, answer, refusal },
    ]),
  );
}

/**
 * Writes the decisions of a batch. Refusals also leave a row for those who ask later who was refused what; nothing of them
 * is in a user's history.
 */
export function saveDecisions(
  em: EntityManager,
  bulk: BulkWriter,
  { decided, now }: { readonly decided: readonly DecidedCommand[]; readonly now: string },
): readonly Write[] {
  const fresh = decided.filter(({ isRepeated }) => !isRepeated);
  const owner = ({ partner, environment, referenceId, commandId, type }: Command) => ({
    ...{ partner, environment, reference_id: referenceId, command_id: commandId, command_type: type },
  });
  const rows = fresh.map(({ command, decision: { outcome, answer, refusal } }) => ({
    ...owner(command),
    ...{ outcome, answer, refusal, decided_at: now },
  }));
  const refused = fresh.flatMap(({ command, decision: { refusal } }) =>
    refusal === null ? [] : [{ ...owner(command), code: refusal.code, actor: command.actor, at: now }],
  );
  return [...bulk.insert(em, DecisionEntity, rows), ...bulk.insert(em, RefusalEntity, refused)];
}
