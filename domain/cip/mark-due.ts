import { beginChange } from "../change.ts";
import type { MarkReverificationDue } from "../commands.ts";
import type { Decision, DecisionContext, UserRecord } from "../decision.ts";
import { addDays } from "../time.ts";
import { isTooOld } from "../user/verification.ts";
import { endOverdueVerification } from "./overdue.ts";

/**
 * B5, B6: timers say that a verification's time has come; the writer judges again (G7). One that has become too old is
 * treated like a material change, with the same days of grace; one that was not repeated in time ends.
 */
export function markReverificationDue(
  command: MarkReverificationDue,
  record: UserRecord,
  context: DecisionContext,
): Decision {
  const change = beginChange(command, record, context);
  const { settings } = context.partner;
  const { user } = record;
  const verification = user?.cip.verification ?? null;
  if (user === null || user.state !== "cip_verified" || verification === null) return change.applied({ kind: "done" });
  if (verification.current && isTooOld(user, settings, change.at)) {
    change.emit({
      type: "user.verification_changed",
      data: {
        ...{ referenceId: user.referenceId, userId: user.userId, attemptId: verification.attemptId },
        current: false,
        reverifyBy: addDays(change.at, settings.reverifyGraceDays),
        change: "material",
        paths: [],
      },
      private: null,
    });
  }
  endOverdueVerification(change);
  return change.applied({ kind: "done" });
}
