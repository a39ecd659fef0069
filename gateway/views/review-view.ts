import { type ReviewReason, reviewReasons } from "../../domain/review/reasons.ts";
import type { FieldValue, Path, Values } from "../../domain/user/fields.ts";
import type { WaitingReview } from "../../storage/queries/reviews.ts";
import type { Show } from "./user-data-view.ts";

/**
 * A user in the review queue (B14): why it waits, and what an operator has to weigh. The values are those that were
 * verified last: they count until the change is settled (B5).
 */
export function reviewView(waiting: WaitingReview, show: Show) {
  const { user, reviewAttemptId, heldOperationIds, isDuplicateSuspected } = waiting;
  const { userId, partner, environment, referenceId, state, version, updatedAt, cip, flags } = user;
  return {
    ...{ userId, partner, environment, referenceId, state, userVersion: version, updatedAt },
    reasons: reasonsOf(waiting),
    cip: { attempts: cip.attempts, failure: cip.failure, isFinal: cip.isFinal, verifiedAt: cip.verifiedAt },
    flags,
    verifiedOutputDifferences: cip.verifiedOutputDifferences,
    reviewAttemptId,
    heldOperationIds,
    duplicateSuspected: isDuplicateSuspected,
    verifiedValues: shownValues(user.verifiedValues, show),
  };
}

function shownValues(values: Values, show: Show): Readonly<Record<string, unknown>> {
  const entries = Object.entries(values) as [Path, FieldValue][];
  return Object.fromEntries(entries.map(([path, value]) => [path, show(path, value)]));
}

function reasonsOf({ user, heldOperationIds, isDuplicateSuspected }: WaitingReview): readonly ReviewReason[] {
  const isHeld = heldOperationIds.length > 0;
  const reasons: readonly ReviewReason[] = [
    ...reviewReasons(user, { operations: [] }),
    ...(isHeld ? (["held_for_review"] as const) : []),
    ...(isDuplicateSuspected ? (["duplicate"] as const) : []),
  ];
  return [...new Set(reasons)];
}
