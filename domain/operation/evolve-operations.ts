import type { OperationMoved, UserEvent } from "../events.ts";
import type { Operation, SeenUpdate } from "./operation.ts";

/** The operations after an event. */
export function evolveOperations(operations: readonly Operation[], event: UserEvent): readonly Operation[] {
  switch (event.type) {
    case "operation.created":
      return event.private.operation === null ? operations : [...operations, event.private.operation];
    case "operation.processing":
    case "operation.completed":
    case "operation.failed":
    case "operation.cancelled":
      return amended(operations, event.data.operationId, (operation) => moved(operation, event, event.at));
    case "operation.update_recorded":
      return amended(operations, event.data.operationId, (operation) => ({
        ...withUpdate(operation, event.private.seen),
        isHeldForReview:
          event.data.resolvedBy === undefined && (operation.isHeldForReview || event.data.effect === "held_for_review"),
      }));
    case "operation.cancel_requested":
      return amended(operations, event.data.operationId, (operation) => withUpdate(operation, event.private.seen));
    default:
      return operations;
  }
}

function moved(operation: Operation, event: OperationMoved, at: string): Operation {
  const { status, amount, failureReason, completedAt, failedAt } = event.data;
  return {
    ...(event.private.seen === null ? operation : withUpdate(operation, event.private.seen)),
    status,
    amount,
    failureReason,
    completedAt,
    failedAt,
    processingAt: status === "processing" ? at : operation.processingAt,
    cancelledAt: status === "cancelled" ? at : operation.cancelledAt,
  };
}

function withUpdate(operation: Operation, seen: SeenUpdate): Operation {
  return { ...operation, updates: [...operation.updates, seen] };
}

function amended(
  operations: readonly Operation[],
  operationId: string,
  amend: (operation: Operation) => Operation,
): readonly Operation[] {
  return operations.map((operation) => (operation.operationId === operationId ? amend(operation) : operation));
}
