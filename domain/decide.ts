import { applyCipResult } from "./cip/apply-result.ts";
import { submitCip } from "./cip/submit.ts";
import type { Command } from "./commands.ts";
import { answerDataRequest } from "./data-request/answer.ts";
import type { Decision, DecisionContext, UserRecord } from "./decision.ts";
import { parkHeldResult } from "./held/park.ts";
import { createLink } from "./link/create.ts";
import { expireLink } from "./link/expire.ts";
import { openLink } from "./link/open.ts";
import { provideData } from "./link/provide-data.ts";
import { revokeLink } from "./link/revoke.ts";
import { confirmOperation } from "./operation/confirm.ts";
import { applyOperationUpdate } from "./operation/update.ts";
import { refusal } from "./refusals.ts";

/**
 * Start reading here: every command, and the rule file that answers it. Pure: the same command, record and context give
 * the same decision. While a partner is suspended nothing begins and its links accept no step (PARTNER_SUSPENDED); what
 * others report still applies, so that committed transfers finish, and links still end (E10).
 */
export function decide(command: Command, record: UserRecord, context: DecisionContext): Decision {
  if (context.partner.isSuspended && STEPS.has(command.type)) {
    return { outcome: "refused", refusal: refusal("PARTNER_SUSPENDED") };
  }
  switch (command.type) {
    case "CreateLink":
      return createLink(command, record, context);
    case "RevokeLink":
      return revokeLink(command, record, context);
    case "ExpireLink":
      return expireLink(command, record, context);
    case "AnswerDataRequest":
      return answerDataRequest(command, record, context);
    case "OpenLink":
      return openLink(command, record, context);
    case "ProvideData":
      return provideData(command, record, context);
    case "SubmitCip":
      return submitCip(command, record, context);
    case "ConfirmOperation":
      return confirmOperation(command, record, context);
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

/** What a partner or its user does, as against what systems report and what only ends something. */
const STEPS: ReadonlySet<Command["type"]> = new Set([
  "CreateLink",
  "AnswerDataRequest",
  "OpenLink",
  "ProvideData",
  "SubmitCip",
  "ConfirmOperation",
]);
