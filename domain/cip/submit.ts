import { beginChange } from "../change.ts";
import type { SubmitCip } from "../commands.ts";
import type { Decision, DecisionContext, UserRecord } from "../decision.ts";
import { findLink, refuseStep } from "../link/find.ts";
import { markInProgress } from "../link/progress.ts";
import { settleDataState } from "../user/move-user.ts";
import { isCurrentlyVerified } from "../user/verification.ts";
import { applyHeldResults } from "./apply-held.ts";
import { refuseAttempt } from "./refuse-attempt.ts";
import { startAttempt } from "./start-attempt.ts";

/**
 * The user consents: what is there is frozen as evidence and the CIP system is asked (D7, B16). A verified user needs no
 * attempt, unless the verification has to be repeated (B5, B6). Refused with CIP_FAILED_FINAL, CIP_ATTEMPTS_EXHAUSTED, CIP_IN_PROGRESS, or CIP_NOT_READY with what is missing.
 */
export function submitCip(command: SubmitCip, record: UserRecord, context: DecisionContext): Decision {
  const change = beginChange(command, record, context);
  const { linkId } = command.payload;
  const link = findLink(record, linkId);
  if ("code" in link) return { outcome: "refused", refusal: link };
  const refusedStep = refuseStep(link, change.at);
  if (refusedStep !== null) return { outcome: "refused", refusal: refusedStep };
  if (isCurrentlyVerified(change.user())) {
    return change.applied({ kind: "cip_submitted", linkId, attemptId: null });
  }
  const refused = refuseAttempt(change);
  if (refused !== null) return { outcome: "refused", refusal: refused };
  markInProgress(change, link);
  // The partner may have come to require less since the user's data was last looked at.
  settleDataState(change, "requirements_changed", true);
  const attempt = startAttempt(change, { kind: "automatic", linkId, reason: "cip_submitted" });
  applyHeldResults(change, attempt);
  return change.applied({ kind: "cip_submitted", linkId, attemptId: attempt.attemptId });
}
