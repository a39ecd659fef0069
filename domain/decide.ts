import { applyCipResult } from "./cip/apply-result.ts";
import { markReverificationDue } from "./cip/mark-due.ts";
import { submitCip } from "./cip/submit.ts";
import { issueCipTicket } from "./cip/ticket.ts";
import type { Command } from "./commands.ts";
import { answerDataRequest } from "./data-request/answer.ts";
import type { Decision, DecisionContext, UserRecord } from "./decision.ts";
import { parkHeldResult } from "./held/park.ts";
import { createLink } from "./link/create.ts";
import { expireLink } from "./link/expire.ts";
import { openLink } from "./link/open.ts";
import { provideData } from "./link/provide-data.ts";
import { regenerateLink } from "./link/regenerate.ts";
import { revokeLink } from "./link/revoke.ts";
import { cancelOperation } from "./operation/cancel.ts";
import { confirmOperation } from "./operation/confirm.ts";
import { resolveOperation } from "./operation/resolve.ts";
import { applyOperationUpdate } from "./operation/update.ts";
import { refusal } from "./refusals.ts";
import { reviewUser } from "./review/review-user.ts";
import { applyPolicy } from "./user/apply-policy.ts";
import { correctUser } from "./user/correct.ts";
import { removeField } from "./user/remove-field.ts";
import { updateUser } from "./user/update.ts";

/**
 * Start reading here: every command, and the rule file that answers it. Pure: the same command, record and context give
 * the same decision. While a partner is suspended nothing begins and its links accept no step (PARTNER_SUSPENDED); what
 * others report still applies, so that committed transfers finish, and links still end (E10).
 */
export function decide(command: Command, record: UserRecord, context: DecisionContext): Decision {
  if (context.partner.isSuspended && isStep(command)) {
    return { outcome: "refused", refusal: refusal("PARTNER_SUSPENDED") };
  }
  switch (command.type) {
    case "CreateLink":
      return createLink(command, record, context);
    case "RevokeLink":
      return revokeLink(command, record, context);
    case "RegenerateLink":
      return regenerateLink(command, record, context);
    case "ExpireLink":
      return expireLink(command, record, context);
    case "AnswerDataRequest":
      return answerDataRequest(command, record, context);
    case "UpdateUser":
      return updateUser(command, record, context);
    case "RemoveField":
      return removeField(command, record, context);
    case "CorrectUser":
      return correctUser(command, record, context);
    case "OpenLink":
      return openLink(command, record, context);
    case "ProvideData":
      return provideData(command, record, context);
    case "SubmitCip":
      return submitCip(command, record, context);
    case "ConfirmOperation":
      return confirmOperation(command, record, context);
    case "CancelOperation":
      return cancelOperation(command, record, context);
    case "ResolveOperation":
      return resolveOperation(command, record, context);
    case "IssueCipTicket":
      return issueCipTicket(command, record, context);
    case "ReviewUser":
      return reviewUser(command, record, context);
    case "MarkReverificationDue":
      return markReverificationDue(command, record, context);
    case "ApplyPolicy":
      return applyPolicy(command, record, context);
    case "ApplyCipResult":
      return applyCipResult(command, record, context);
    case "ApplyOperationUpdate":
      return applyOperationUpdate(command, record, context);
    case "ParkHeldResult":
      return parkHeldResult(command, record, context);
    default:
      return command satisfies never;
  }
}

function isStep({ type, actor }: Command): boolean {
  return STEPS.has(type) && actor.kind !== "operator";
}

/** What a partner or its user does, as against what systems report and what only ends something. */
const STEPS: ReadonlySet<Command["type"]> = new Set([
  "CreateLink",
  "RegenerateLink",
  "AnswerDataRequest",
  "UpdateUser",
  "RemoveField",
  "OpenLink",
  "ProvideData",
  "SubmitCip",
  "IssueCipTicket",
  "ConfirmOperation",
]);
