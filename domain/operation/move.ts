import type { Change } from "../change.ts";
import { endLink } from "../link/end-link.ts";
import { isActive } from "../link/states.ts";
import { operationFacts } from "./facts.ts";
import type { Operation, OperationUpdate, SeenUpdate } from "./operation.ts";
import { isOpen } from "./states.ts";

export interface OperationMove {
  readonly to: Pick<OperationUpdate, "status" | "amount" | "failureReason">;
  /** The word that moves it, as it is kept. */
  readonly seen: SeenUpdate;
  /** J6: a person said so, and why. */
  readonly resolution: { readonly reason: string } | null;
}

/** Moves an operation, and its link with it (C8, C9). The payment system may correct amount, rate and fee (J3). */
export function moveOperation(change: Change, operation: Operation, { to, seen, resolution }: OperationMove): void {
  const { status } = to;
  const moved: Operation = {
    ...operation,
    status,
    amount: { ...operation.amount, ...to.amount },
    completedAt: status === "completed" ? change.at : operation.completedAt,
    failedAt: status === "failed" ? change.at : operation.failedAt,
    failureReason: to.failureReason ?? operation.failureReason,
    updates: [...operation.updates, seen],
  };
  change.emit({
    type: `operation.${status}`,
    data: operationFacts(moved, change.user()),
    private: { operation: null, seen, ...resolution },
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
