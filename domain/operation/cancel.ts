import { beginChange, type Change } from "../change.ts";
import type { CancelOperation } from "../commands.ts";
import type { Decision, DecisionContext, UserRecord } from "../decision.ts";
import { findLink } from "../link/find.ts";
import { refusal } from "../refusals.ts";
import { isCancelRequested, operationFacts } from "./facts.ts";
import type { Operation, SeenUpdate } from "./operation.ts";

/**
 * J5: the user wants the link's newest transfer cancelled. While it is created the payment system is asked, once; the
 * operation stays created until that system says what became of it (docs/decisions/0004). Asking again, or when it is
 * cancelled already, changes nothing. Refused with OPERATION_NOT_CANCELLABLE and the status in any other case, and with
 * RESOURCE_NOT_FOUND when the link has no transfer.
 */
export function cancelOperation(command: CancelOperation, record: UserRecord, context: DecisionContext): Decision {
  const { linkId } = command.payload;
  const link = findLink(record, linkId);
  if ("code" in link) return { outcome: "refused", refusal: link };
  const operation = newestOf(record, linkId);
  if (operation === undefined) return { outcome: "refused", refusal: refusal("RESOURCE_NOT_FOUND") };
  const change = beginChange(command, record, context);
  const facts = operationFacts(operation, change.user());
  const { status, operationId } = operation;
  if (status === "cancelled") return change.applied({ kind: "operation_cancelled", operation: facts });
  if (status !== "created") {
    const sentence = `Only an operation that is created can be cancelled; it is ${status}`;
    return { outcome: "refused", refusal: refusal("OPERATION_NOT_CANCELLABLE", { operationId, status }, sentence) };
  }
  if (!isCancelRequested(operation)) requestCancel(change, operation);
  return change.applied({ kind: "operation_cancel_requested", operation: { ...facts, cancelRequested: true } });
}

function newestOf({ operations }: UserRecord, linkId: string): Operation | undefined {
  return operations
    .filter((operation) => operation.linkId === linkId)
    .toSorted(byTime)
    .at(-1);
}

function byTime(a: Operation, b: Operation): number {
  return a.createdAt < b.createdAt ? -1 : 1;
}

function requestCancel(change: Change, { operationId, linkId }: Operation): void {
  const { commandId, referenceId } = change.command;
  const seen: SeenUpdate = {
    provider: "widget",
    providerEventId: commandId,
    status: "cancelled",
    at: change.at,
    effect: "requested",
  };
  change.emit({ type: "operation.cancel_requested", data: { operationId, linkId, referenceId }, private: { seen } });
  change.require({ kind: "request_operation", operationId, action: "cancel" });
}
