import { beginChange, type Change } from "../change.ts";
import type { ResolveOperation } from "../commands.ts";
import type { Decision, DecisionContext, UserRecord } from "../decision.ts";
import { refusal } from "../refusals.ts";
import { refuseOperator } from "../user/operator-word.ts";
import { OPERATOR, operationFacts } from "./facts.ts";
import { moveOperation } from "./move.ts";
import type { Operation, SeenUpdate } from "./operation.ts";
import { isOpen } from "./states.ts";

/**
 * J6: an operator says how a transfer ended; never a timer. Of one that has ended only the first outcome can be
 * confirmed, which settles a contradiction that is held for review (J4); any other is refused with
 * OPERATION_NOT_RESOLVABLE and the status, because a final status is final. The reason is mandatory.
 */
export function resolveOperation(command: ResolveOperation, record: UserRecord, context: DecisionContext): Decision {
  const { operationId, status, reason } = command.payload;
  const operation = record.operations.find((candidate) => candidate.operationId === operationId);
  const refused =
    (operation === undefined ? refusal("RESOURCE_NOT_FOUND") : null) ?? refuseOperator(command.actor, reason);
  if (refused !== null || operation === undefined) {
    return { outcome: "refused", refusal: refused ?? refusal("RESOURCE_NOT_FOUND") };
  }
  const change = beginChange(command, record, context);
  if (isOpen(operation.status)) resolve(change, operation, command);
  else if (operation.status !== status) return notResolvable(operation);
  else if (operation.isHeldForReview) settleReview(change, operation, command);
  return change.applied({ kind: "operation_resolved", operation: currentFacts(change, operationId) });
}

function notResolvable({ operationId, status }: Operation): Decision {
  const sentence = `This operation is ${status}, which is final; it can only be confirmed`;
  return { outcome: "refused", refusal: refusal("OPERATION_NOT_RESOLVABLE", { operationId, status }, sentence) };
}

function resolve(change: Change, operation: Operation, { payload }: ResolveOperation): void {
  const { status } = payload;
  moveOperation(change, operation, {
    to: { status, amount: null, failureReason: status === "failed" ? RESOLVED : null },
    seen: operatorsWord(change, status, "applied"),
    resolution: { reason: payload.reason.trim() },
  });
}

/** What partners and users see as the reason of a failure; the operator's own words stay in the history. */
const RESOLVED = "Resolved by an operator";

/** J4: two final outcomes arrived; a person has looked, and the first stays. */
function settleReview(change: Change, { operationId }: Operation, { payload }: ResolveOperation): void {
  const { status, reason } = payload;
  change.emit({
    type: "operation.update_recorded",
    data: { operationId, referenceId: change.command.referenceId, status, effect: "recorded", resolvedBy: OPERATOR },
    private: { seen: operatorsWord(change, status, "recorded"), reason: reason.trim() },
  });
}

function operatorsWord(change: Change, status: SeenUpdate["status"], effect: SeenUpdate["effect"]): SeenUpdate {
  return { provider: OPERATOR, providerEventId: change.command.commandId, status, at: change.at, effect };
}

function currentFacts(change: Change, operationId: string) {
  const operation = change.record().operations.find((candidate) => candidate.operationId === operationId);
  if (operation === undefined) throw new Error("the resolved operation is gone");
  return operationFacts(operation, change.user());
}
