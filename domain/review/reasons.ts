import type { UserRecord } from "../decision.ts";
import type { User } from "../user/user.ts";

/** Why a person should look at a user. `duplicate` is found by storage, because it takes two users to see it (B11). */
export type ReviewReason = "needs_review" | "held_for_review" | "unstable_identity" | "duplicate";

/**
 * B14: why this user waits for a person, if it does: attempts used up or another person's identity (B10, B5),
 * contradicting results of a check or a transfer (B4, J4), a source that contradicts itself (A13).
 */
export function reviewReasons(
  { cip, flags }: Pick<User, "cip" | "flags">,
  { operations }: Pick<UserRecord, "operations">,
): readonly Exclude<ReviewReason, "duplicate">[] {
  const isHeld = cip.isHeldForReview || operations.some(({ isHeldForReview }) => isHeldForReview);
  return [
    ...(cip.needsReview ? (["needs_review"] as const) : []),
    ...(isHeld ? (["held_for_review"] as const) : []),
    ...(flags.some(({ flag }) => flag === "unstable_identity") ? (["unstable_identity"] as const) : []),
  ];
}
