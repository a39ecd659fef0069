import type { OperationFacts } from "../events.ts";
import type { Operation } from "./operation.ts";

/**
 * The operation as partners see it. The account that receives the money is not part of it (H3); that an operator said how
 * it ended is (J6).
 */
export function operationFacts(operation: Operation, owner: { userId: string; referenceId: string }): OperationFacts {
  const { operationId, linkId, status, amount, createdAt, completedAt, failedAt, failureReason } = operation;
  const { userId, referenceId } = owner;
  return {
    ...{ operationId, userId, linkId, referenceId, status, amount },
    funding: {},
    payout: { type: operation.paymentMethod.type },
    ...{ createdAt, completedAt, failedAt, failureReason },
    ...(isCancelRequested(operation) ? { cancelRequested: true } : {}),
    ...(isResolvedByOperator(operation) ? { resolvedBy: OPERATOR } : {}),
  };
}

/** J5: whether the user has asked to cancel it, so that nobody asks the payment system twice. */
export function isCancelRequested({ updates }: Operation): boolean {
  return updates.some(({ effect }) => effect === "requested");
}

/** Who speaks of an operation when a person does; no payment system has this name. */
export const OPERATOR = "operator";

function isResolvedByOperator({ updates }: Operation): boolean {
  return updates.some(({ provider, effect }) => provider === OPERATOR && effect === "applied");
}
