import type { Change } from "../change.ts";
import type { PartnerSettings } from "../partner.ts";
import { addMinutes, isBefore } from "../time.ts";
import { moveUser, settleDataState } from "../user/move-user.ts";
import { isReverificationOverdue } from "../user/verification.ts";
import type { CipAttempt } from "./attempt.ts";

/**
 * B5: a verified user who had to be checked again by now, and was not, goes back to giving data. Does nothing while there
 * is time; with no days of grace there is none.
 */
export function endOverdueVerification(change: Change): void {
  if (!isReverificationOverdue(change.user(), change.at)) return;
  moveUser(change, "data_complete", "reverification_overdue");
  settleDataState(change, "reverification_overdue", true);
}

/**
 * B9: whether a check has run longer than the partner's settings call normal. It is only shown: a check never fails by
 * itself.
 */
export function isOverdueAttempt(
  { status, createdAt }: Pick<CipAttempt, "status" | "createdAt">,
  settings: PartnerSettings,
  now: string,
): boolean {
  return status === "open" && !isBefore(now, addMinutes(createdAt, settings.cipOverdueMinutes));
}
