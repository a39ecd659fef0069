import { beginChange, type Change } from "../change.ts";
import type { ApplyOperationUpdate } from "../commands.ts";
import type { Decision, DecisionContext, UserRecord } from "../decision.ts";
import { hold } from "../held/hold.ts";
import { endLink } from "../link/end-link.ts";
import { isActive } from "../link/states.ts";
import { operationFacts } from "./facts.ts";
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
  const seen: SeenUpdate = { provider, providerEventId, status, at: change.at, effect };
  if (effect === "applied") move(change, operation, { update, seen });
  else recordUpdate(change, operation, seen);
}

function recordUpdate(change: Change, operation: Operation, seen: SeenUpdate): void {
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

function effectOf(operation: Operation, { status }: OperationUpdate): SeenUpdate["effect"] {
  if (isLegalOperationMove(operation.status, status)) return "applied";
  const contradictsFinal = !isOpen(operation.status) && status !== "processing" && status !== operation.status;
  return contradictsFinal ? "held_for_review" : "recorded";
}

function move(
  change: Change,
  operation: Operation,
  { update, seen }: { update: OperationUpdate; seen: SeenUpdate },
): void {
  const { status } = update;
  const moved: Operation = {
    ...operation,
    status,
    amount: { ...operation.amount, ...update.amount },
    completedAt: status === "completed" ? change.at : operation.completedAt,
    failedAt: status === "failed" ? change.at : operation.failedAt,
    failureReason: update.failureReason ?? operation.failureReason,
  };
  change.emit({
    type: `operation.${status}`,
    data: operationFacts(moved, change.user()),
    private: { operation: null, seen },
  });
  settleLink(change, operation.linkId, status);
}

/** C8, C9: completed with the operation; otherwise free again, or expired at once when its time has passed. */
function settleLink(change: Change, linkId: string, status: Operation["status"]): void {
  const link = change.record().links.find((candidate) => candidate.linkId === linkId);
  if (link === undefined || isOpen(status)) return;
  if (status === "completed") endLink(change, link, { status: "completed" });
  else if (!isActive(link, change.at)) endLink(change, link, { status: "expired" });
}
