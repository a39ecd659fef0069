import { beginChange, type Change } from "../change.ts";
import { failedAttempts } from "../cip/attempts-left.ts";
import type { ReviewUser } from "../commands.ts";
import type { Decision, DecisionContext, UserRecord } from "../decision.ts";
import { refusal } from "../refusals.ts";
import { refuseOperator } from "../user/operator-word.ts";
import { differencesToAccept, refuseDecision } from "./refuse-decision.ts";
import { approve, rejectFinally } from "./verdict.ts";

/**
 * B14: an operator decides about a user that waits for a person, with a reason. `approve` verifies, `reject_final` fails
 * for good, `allow_retry` grants another attempt, `reopen` puts a failure back into the queue. Refused with
 * INVALID_REQUEST without a reason, where the user's state leaves no room for the decision, and where evidence and winners
 * differ materially at a path that is not named in acceptDifferences; RESOURCE_NOT_FOUND for an unknown user.
 */
export function reviewUser(command: ReviewUser, record: UserRecord, context: DecisionContext): Decision {
  if (record.user === null) return { outcome: "refused", refusal: refusal("RESOURCE_NOT_FOUND") };
  const change = beginChange(command, record, context);
  const { decision, reason, acceptDifferences } = command.payload;
  const refused = refuseOperator(command.actor, reason) ?? refuseDecision(change, command.payload);
  if (refused !== null) return { outcome: "refused", refusal: refused };
  const acceptedDifferences =
    decision === "approve" ? differencesToAccept(change).filter((path) => acceptDifferences.includes(path)) : [];
  const { referenceId, userId } = record.user;
  change.emit({
    type: "user.reviewed",
    data: { referenceId, userId, decision },
    private: { reason: reason.trim(), acceptedDifferences, extraAttempts: extraAttempts(change, command) },
  });
  if (decision === "approve") approve(change, acceptedDifferences);
  if (decision === "reject_final") rejectFinally(change);
  return change.applied({ kind: "user_reviewed", userState: change.user().state, userVersion: change.user().version });
}

/** B10: enough for one more attempt; nothing is granted where one is left anyway. */
function extraAttempts(change: Change, { payload }: ReviewUser): number {
  const { extraAttempts: granted } = change.user().cip;
  if (payload.decision !== "allow_retry") return granted;
  const { maxCipAttempts } = change.context.partner.settings;
  return Math.max(granted, failedAttempts(change.record().attempts) + 1 - maxCipAttempts);
}
