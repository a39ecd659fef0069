import type { WaitingReview } from "../../storage/queries/reviews.ts";

/** A user in the review queue (B14): why it waits, and what an operator has to weigh; no value of a field. */
export function reviewView({ user, reviewAttemptId, isDuplicateSuspected }: WaitingReview) {
  const { userId, partner, environment, referenceId, state, version, updatedAt, cip, flags } = user;
  return {
    ...{ userId, partner, environment, referenceId, state, userVersion: version, updatedAt },
    reasons: [
      ...new Set([
        ...flags.map(({ flag }) => flag),
        ...(cip.needsReview ? ["needs_review"] : []),
        ...(cip.isHeldForReview ? ["contradictory_result"] : []),
        ...(reviewAttemptId === null ? [] : ["identity_changed"]),
      ]),
    ],
    cip: { attempts: cip.attempts, failure: cip.failure, isFinal: cip.isFinal, verifiedAt: cip.verifiedAt },
    flags,
    verifiedOutputDifferences: cip.verifiedOutputDifferences,
    reviewAttemptId,
    duplicateSuspected: isDuplicateSuspected,
  };
}
