import { beginChange } from "../change.ts";
import type { IssueCipTicket } from "../commands.ts";
import type { Decision, DecisionContext, UserRecord } from "../decision.ts";
import { findLink } from "../link/find.ts";
import type { Link } from "../link/link.ts";
import { markInProgress } from "../link/progress.ts";
import { statusAt } from "../link/states.ts";
import { type Refusal, refusal } from "../refusals.ts";
import { settleDataState } from "../user/move-user.ts";
import { isCurrentlyVerified } from "../user/verification.ts";
import { applyHeldResults } from "./apply-held.ts";
import { refuseAttempt } from "./refuse-attempt.ts";
import { startAttempt } from "./start-attempt.ts";

/**
 * B17: the partner asks for the identity check of a link's user; the attempt is the ticket, and the link's page shows the
 * check. The link need not be open. Refused with LINK_REVOKED, LINK_EXPIRED, LINK_NOT_OPEN for a completed one,
 * CIP_NOT_READY when data is missing or there is nothing to check, and as a submission (B16).
 */
export function issueCipTicket(command: IssueCipTicket, record: UserRecord, context: DecisionContext): Decision {
  const change = beginChange(command, record, context);
  const link = findLink(record, command.payload.linkId);
  if ("code" in link) return { outcome: "refused", refusal: link };
  const verified = isCurrentlyVerified(change.user()) ? NOTHING_TO_CHECK : null;
  const refused = refuseTicket(link, change.at) ?? verified ?? refuseAttempt(change);
  if (refused !== null) return { outcome: "refused", refusal: refused };
  markInProgress(change, link);
  settleDataState(change, "requirements_changed", true);
  const { linkId, flow, expiresAt } = link;
  const attempt = startAttempt(change, { kind: "ticket", linkId, reason: "cip_ticket_issued" });
  applyHeldResults(change, attempt);
  return change.applied({ kind: "cip_ticket_issued", linkId, ticketId: attempt.attemptId, flow, expiresAt });
}

const NOTHING_TO_CHECK = refusal(
  "CIP_NOT_READY",
  { missingFields: [] },
  "The user is verified: nothing is to be checked",
);

function refuseTicket(link: Link, now: string): Refusal | null {
  const status = statusAt(link, now);
  switch (status) {
    case "created":
    case "opened":
    case "in_progress":
      return null;
    case "expired":
      return refusal("LINK_EXPIRED");
    case "revoked":
      return refusal("LINK_REVOKED");
    case "completed":
      return refusal("LINK_NOT_OPEN", { status }, "This link is completed: no further step is possible");
    default:
      return status satisfies never;
  }
}
