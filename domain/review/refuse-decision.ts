import type { Change } from "../change.ts";
import { isOverdueAttempt } from "../cip/overdue.ts";
import type { ReviewUser } from "../commands.ts";
import { type Problem, type Refusal, refusal } from "../refusals.ts";
import type { Path } from "../user/fields.ts";
import { verifiedDifferences } from "../user/verification.ts";
import type { ReviewDecision } from "./decisions.ts";
import { reviewReasons } from "./reasons.ts";
import { reviewedAttempt } from "./reviewed-attempt.ts";

/** B14: why the decision is not possible now, or null. */
export function refuseDecision(change: Change, { decision, acceptDifferences }: ReviewUser["payload"]): Refusal | null {
  if (!possibleDecisions(change).includes(decision)) {
    const message = `decision ${decision} is not possible while the user is ${change.user().state}`;
    return invalid(message, [{ path: "decision", code: "not_possible", message }]);
  }
  if (decision !== "approve") return null;
  const open = differencesToAccept(change).filter((path) => !acceptDifferences.includes(path));
  if (open.length === 0) return null;
  const details = open.map((path): Problem => {
    const message = `${path} is not what was checked; name it in acceptDifferences to approve it all the same`;
    return { path, code: "material_difference", message };
  });
  return invalid("What was checked and what counts now differ materially", details);
}

/** B14: the paths at which what counts now differs materially from what an approval would stand on. */
export function differencesToAccept(change: Change): readonly Path[] {
  const user = change.user();
  const attempt = reviewedAttempt(change);
  if (attempt === null) return [];
  const isVerified = user.state === "cip_verified";
  const checked = isVerified ? user.verifiedValues : attempt.evidenceValues;
  return verifiedDifferences({ ...user, verifiedValues: checked })
    .filter(({ kind }) => kind === "material")
    .map(({ path }) => path);
}

/**
 * A failure is always open to an operator. A running check only when it was begun for one, or takes too long (B9). A
 * verified user only for a reason; and only contradicting results can end in a failure.
 */
function possibleDecisions(change: Change): readonly ReviewDecision[] {
  const user = change.user();
  // Transfers that contradict themselves are settled one by one (J6).
  const hasReason = reviewReasons(user, { operations: [] }).length > 0;
  switch (user.state) {
    case "cip_failed":
      return ["approve", "reject_final", "allow_retry", "reopen"];
    case "cip_pending":
      return isForOperator(change) ? ["approve", "reject_final"] : [];
    case "cip_verified":
      if (user.cip.isHeldForReview) return ["approve", "reject_final"];
      return hasReason || user.cip.verification?.current === false ? ["approve"] : [];
    case "pending":
    case "data_incomplete":
    case "data_complete":
      return hasReason ? ["allow_retry"] : [];
    default:
      return user.state satisfies never;
  }
}

function isForOperator(change: Change): boolean {
  const attempt = reviewedAttempt(change);
  if (attempt === null) return false;
  return attempt.kind === "review" || isOverdueAttempt(attempt, change.context.partner.settings, change.at);
}

function invalid(message: string, details: readonly Problem[]): Refusal {
  return refusal("INVALID_REQUEST", { details }, message);
}
