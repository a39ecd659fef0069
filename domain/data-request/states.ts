import type { DataRequestStatus } from "./data-request.ts";

/** The legal moves of a data request (rules D). An answer after the end updates the user, not the request (D2, D6). */
export const DATA_REQUEST_TRANSITIONS = {
  open: ["partially_answered", "fulfilled", "superseded", "expired", "cancelled"],
  partially_answered: ["fulfilled", "superseded", "expired", "cancelled"],
  fulfilled: [],
  superseded: [],
  expired: [],
  cancelled: [],
} as const satisfies Record<DataRequestStatus, readonly DataRequestStatus[]>;

/** Whether the request still waits for an answer. */
export function isWaiting(status: DataRequestStatus): boolean {
  return DATA_REQUEST_TRANSITIONS[status].length > 0;
}
