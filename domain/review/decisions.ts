/** B14: what an operator can decide about a user that waits for a person. */
export const REVIEW_DECISIONS = ["approve", "reject_final", "allow_retry", "reopen"] as const;

export type ReviewDecision = (typeof REVIEW_DECISIONS)[number];
