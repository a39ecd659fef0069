import type { OperationStatus } from "./operation.ts";

/** The legal moves of an operation (rules J); completed, failed and cancelled are final. */
export const OPERATION_TRANSITIONS = {
  created: ["processing", "completed", "failed", "cancelled"],
  processing: ["completed", "failed", "cancelled"],
  completed: [],
  failed: [],
  cancelled: [],
} as const satisfies Record<OperationStatus, readonly OperationStatus[]>;

/** The outcome of the transfer is not known yet. */
export function isOpen(status: OperationStatus): boolean {
  return OPERATION_TRANSITIONS[status].length > 0;
}

/** Whether an operation may move between two statuses (J4). */
export function isLegalOperationMove(from: OperationStatus, to: OperationStatus): boolean {
  return (OPERATION_TRANSITIONS[from] as readonly OperationStatus[]).includes(to);
}
