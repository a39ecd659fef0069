import type { Change } from "../change.ts";
import { type Refusal, refusal } from "../refusals.ts";
import { missingFields } from "../user/required-fields.ts";
import { attemptsLeft } from "./attempts-left.ts";

/**
 * B16, B10: why no identity check can begin now, or null: CIP_FAILED_FINAL, CIP_IN_PROGRESS, CIP_ATTEMPTS_EXHAUSTED (also
 * while an operator looks at a failure again, B14), CIP_NOT_READY with what is missing.
 */
export function refuseAttempt(change: Change): Refusal | null {
  const user = change.user();
  const { settings } = change.context.partner;
  if (user.cip.isFinal) return refusal("CIP_FAILED_FINAL");
  if (user.state === "cip_pending") return refusal("CIP_IN_PROGRESS");
  const isReopened = user.cip.needsReview && user.cip.failure?.retryable === false;
  if (isReopened) return refusal("CIP_ATTEMPTS_EXHAUSTED", {}, "A person has to look at this identity check first");
  if (attemptsLeft(user, change.record().attempts, settings) <= 0) return refusal("CIP_ATTEMPTS_EXHAUSTED");
  const missing = missingFields(user, settings);
  return missing.length > 0 ? refusal("CIP_NOT_READY", { missingFields: missing }) : null;
}
