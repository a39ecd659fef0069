import { beginChange, type Change } from "../change.ts";
import type { ApplyOperationUpdate } from "../commands.ts";
import type { Decision, DecisionContext, UserRecord } from "../decision.ts";
import { hold } from "../held/hold.ts";
import { moveOperation } from "./move.ts";
import type { Operation, OperationUpdate, SeenUpdate } from "./operation.ts";
import { isLegalOperationMove, isOpen } from "./states.ts";

/** J4: the payment system speaks of an operation; what names an unknown one is held, like a CIP result (B2). */
export function applyOperationUpdate(
  command: ApplyOperationUpdate,
  record: UserRecord,
  context: DecisionContext,
): Decision {
  const change = beginChange(command, record, context);
  const isKnown = record.operations.some(({ operationId }) => operationId === command.payload.operationId);
  if (isKnown) applyUpdate(change, command.payload);
  else hold(change, command);
  return change.applied({ kind: "done" });
}

/** What an update does to a known operation: a repeat nothing, a legal move applies, anything else is recorded (J4). */
export function applyUpdate(change: Change, update: OperationUpdate): void {
  const operation = change.record().operations.find(({ operationId }) => operationId === update.operationId);
  if (operation === undefined) throw new Error("an update was applied to an operation that is not loaded");
  if (isRepeat(operation, update)) return;
  const effect = effectOf(operation, update);
  const { provider, providerEventId, status } = update;
  const seen = { provider, providerEventId, status, at: change.at, effect } as const;
  if (effect === "applied") moveOperation(change, operation, { to: update, seen, resolution: null });
  else recordUpdate(change, operation, seen);
}

function recordUpdate(change: Change, operation: Operation, seen: SeenUpdate & { readonly effect: Effect }): void {
  const { operationId } = operation;
  const { referenceId } = change.command;
  change.emit({
    type: "operation.update_recorded",
    data: { operationId, referenceId, status: seen.status, effect: seen.effect },
    private: { seen },
  });
}

function isRepeat({ updates }: Operation, { provider, providerEventId }: OperationUpdate): boolean {
  return updates.some((seen) => seen.provider === provider && seen.providerEventId === providerEventId);
}

type Effect = Exclude<SeenUpdate["effect"], "requested">;

function effectOf(operation: Operation, { status }: OperationUpdate): Effect {
  if (isLegalOperationMove(operation.status, status)) return "applied";
  const contradictsFinal = !isOpen(operation.status) && status !== "processing" && status !== operation.status;
  return contradictsFinal ? "held_for_review" : "recorded";
}
