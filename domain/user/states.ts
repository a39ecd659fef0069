import type { UserState } from "./user.ts";

/** The legal moves of a user (rules B). */
export const USER_TRANSITIONS = {
  pending: ["data_incomplete", "data_complete"],
  data_incomplete: ["data_complete"],
  data_complete: ["data_incomplete", "cip_pending"],
  cip_pending: ["cip_verified", "cip_failed", "data_incomplete", "data_complete"],
  cip_verified: ["cip_failed", "cip_pending", "data_complete"],
  cip_failed: ["cip_pending", "cip_verified"],
} as const satisfies Record<UserState, readonly UserState[]>;

/** Whether a user may move between two states (S5, P4). */
export function isLegalMove(from: UserState, to: UserState): boolean {
  return (USER_TRANSITIONS[from] as readonly UserState[]).includes(to);
}
