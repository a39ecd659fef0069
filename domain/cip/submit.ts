import { beginChange, type Change } from "../change.ts";
import type { SubmitCip } from "../commands.ts";
import type { Decision, DecisionContext, UserRecord } from "../decision.ts";
import { findLink, refuseStep } from "../link/find.ts";
import { markInProgress } from "../link/progress.ts";
import { type Refusal, refusal } from "../refusals.ts";
import { moveUser, settleDataState } from "../user/move-user.ts";
import { missingFields, policyLabel, policyOf } from "../user/required-fields.ts";
import { applyHeldResults } from "./apply-held.ts";
import type { CipAttempt } from "./attempt.ts";
import { freezeEvidence } from "./evidence.ts";

/**
 * The user consents: what is there is frozen as evidence and the CIP system is asked (D7, B16). A verified user needs no
 * attempt. Refused with CIP_FAILED_FINAL, CIP_ATTEMPTS_EXHAUSTED, CIP_IN_PROGRESS, or CIP_NOT_READY with what is missing.
 */
export function submitCip(command: SubmitCip, record: UserRecord, context: DecisionContext): Decision {
  const change = beginChange(command, record, context);
  const { linkId } = command.payload;
  const link = findLink(record, linkId);
  if ("code" in link) return { outcome: "refused", refusal: link };
  const refusedStep = refuseStep(link, change.at);
  if (refusedStep !== null) return { outcome: "refused", refusal: refusedStep };
  if (change.user().state === "cip_verified") {
    return change.applied({ kind: "cip_submitted", linkId, attemptId: null });
  }
  const refused = refuseAttempt(change);
  if (refused !== null) return { outcome: "refused", refusal: refused };
  markInProgress(change, link);
  // The partner may have come to require less since the user's data was last looked at.
  settleDataState(change, "requirements_changed", true);
  const attempt = newAttempt(change, linkId);
  startAttempt(change, attempt);
  change.require({ kind: "request_cip", attemptId: attempt.attemptId });
  applyHeldResults(change, attempt);
  return change.applied({ kind: "cip_submitted", linkId, attemptId: attempt.attemptId });
}

function refuseAttempt(change: Change): Refusal | null {
  const user = change.user();
  const { settings } = change.context.partner;
  if (user.cip.isFinal) return refusal("CIP_FAILED_FINAL");
  if (user.state === "cip_pending") return refusal("CIP_IN_PROGRESS");
  const failed = change.record().attempts.filter(({ status }) => status === "failed").length;
  if (failed >= settings.maxCipAttempts) return refusal("CIP_ATTEMPTS_EXHAUSTED");
  const missing = missingFields(user, settings);
  return missing.length > 0 ? refusal("CIP_NOT_READY", { missingFields: missing }) : null;
}

function newAttempt(change: Change, linkId: string): CipAttempt {
  const user = change.user();
  return {
    attemptId: change.context.newId("cip"),
    linkId,
    number: user.cip.attempts + 1,
    status: "open",
    policy: policyLabel(policyOf(change.context.partner.settings)),
    ...freezeEvidence(user),
    revision: null,
    failure: null,
    isFinal: false,
    results: [],
    createdAt: change.at,
    closedAt: null,
  };
}

function startAttempt(change: Change, attempt: CipAttempt): void {
  const { referenceId, userId } = change.user();
  moveUser(change, "cip_pending", "cip_submitted");
  const data = { referenceId, userId, attemptId: attempt.attemptId };
  change.emit({ type: "user.cip_pending", data, private: { attempt } });
}
