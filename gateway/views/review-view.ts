import { type ReviewReason, reviewReasons } from "../../domain/review/reasons.ts";
import type { WaitingReview } from "../../storage/queries/reviews.ts";

/** A user in the review queue (B14): why it waits, and what an operator has to weigh; no value of a field. */
export function reviewView(waiting: WaitingReview) {
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
  };
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
