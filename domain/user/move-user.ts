import type { Change } from "../change.ts";
import { missingFields } from "./required-fields.ts";
import { isLegalMove } from "./states.ts";
import type { UserState } from "./user.ts";

/** Moves the user to another state; a move that the table does not know is a bug, never a refusal (S5, P4). */
export function moveUser(change: Change, to: UserState, reason: string): void {
  const { referenceId, userId, state } = change.user();
  if (!isLegalMove(state, to)) throw new Error(`a user cannot move from ${state} to ${to}`);
  change.emit({
    type: "user.state_changed",
    data: { referenceId, userId, from: state, to, reason },
    private: null,
  });
}

/**
 * Before the identity check the state says whether its data is there (S1, B1). `hasActivity`: a link was opened or a
 * data request raised; a user about whom there is nothing at all stays pending.
 */
export function settleDataState(change: Change, reason: string, hasActivity: boolean): void {
  const user = change.user();
  if (user.state !== "pending" && user.state !== "data_incomplete" && user.state !== "data_complete") return;
  if (user.state === "pending" && !hasActivity && Object.keys(user.assertions).length === 0) return;
  const isComplete = missingFields(user, change.context.partner.settings).length === 0;
  const to = isComplete ? "data_complete" : "data_incomplete";
  if (to !== user.state) moveUser(change, to, reason);
}
