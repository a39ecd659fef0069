import type { Change } from "../change.ts";
import type { UserRecord } from "../decision.ts";
import type { PartnerSettings } from "../partner.ts";
import type { User } from "../user/user.ts";
import type { CipAttempt } from "./attempt.ts";

/**
 * B10: how many attempts may still fail before a person has to look: the partner's maximum and what operators granted,
 * less what failed since the user was last verified. What was given up, or begun for an operator, does not count.
 */
export function attemptsLeft(
  { cip }: Pick<User, "cip">,
  attempts: UserRecord["attempts"],
  settings: PartnerSettings,
): number {
  return settings.maxCipAttempts + cip.extraAttempts - failedAttempts(attempts);
}

/** The attempts that count against the maximum (B10). */
export function failedAttempts(attempts: readonly CipAttempt[]): number {
  const verified = attempts.filter(({ status }) => status === "verified").map(({ number }) => number);
  const lastVerified = Math.max(0, ...verified);
  return attempts.filter(
    ({ status, kind, number }) => status === "failed" && kind !== "review" && number > lastVerified,
  ).length;
}

/** B10: after the last one a person has to look; a final failure is settled already. */
export function flagUsedUp(change: Change): void {
  const user = change.user();
  if (user.cip.isFinal || user.cip.needsReview) return;
  if (attemptsLeft(user, change.record().attempts, change.context.partner.settings) > 0) return;
  const { referenceId, userId } = user;
  change.emit({ type: "user.flagged", data: { referenceId, userId, flag: "needs_review", paths: [] }, private: null });
}
