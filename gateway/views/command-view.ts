import type { Answer } from "../../domain/decision.ts";
import { REFUSALS } from "../../domain/refusals.ts";
import type { StoredDecision } from "../../storage/decisions.ts";
import type { RouteDependencies } from "../route-dependencies.ts";
import { cipTicketView } from "./cip-ticket-view.ts";
import { linkCreatedView } from "./link-created-view.ts";
import { operationView } from "./operation-view.ts";

export interface CommandViewContext extends Pick<RouteDependencies, "addresses" | "tokens"> {
  /** Whether the reader may have the secrets of links: one who could have made them. */
  readonly mayOpenLinks: boolean;
}

/** What became of a command; `accepted` while nobody has decided it. */
export function commandView(commandId: string, decided: StoredDecision | null, context: CommandViewContext) {
  if (decided === null) return { commandId, status: "accepted" };
  const { outcome: status, answer, refusal } = decided;
  if (answer !== null) return { commandId, status, answer: answerView(answer, context) };
  const { code, message, facts } = refusal ?? { code: "INTERNAL_ERROR", message: REFUSALS.INTERNAL_ERROR, facts: {} };
  return { commandId, status, error: { code, message, ...facts } };
}

/** What the write would have answered. The secret of a link is only for keys that could have made it. */
function answerView(answer: Answer, context: CommandViewContext): object {
  switch (answer.kind) {
    case "link_created":
    case "link_returned": {
      const view = linkCreatedView(answer, { ...context, hasUserData: false, warnings: [] });
      if (context.mayOpenLinks) return view;
      const { token: _, ...withoutToken } = view;
      return { ...withoutToken, url: context.addresses.urlOf(answer) };
    }
    case "operation_created":
    case "operation_cancelled":
    case "operation_cancel_requested":
    case "operation_resolved":
      return operationView(answer.operation);
    case "cip_ticket_issued": {
      const { url, ...ticket } = cipTicketView(answer, context.addresses);
      return context.mayOpenLinks ? { ...ticket, url } : ticket;
    }
    case "link_revoked":
    case "data_request_answered":
    case "session_changed":
    case "cip_submitted":
    case "user_updated":
    case "user_reviewed":
    case "done": {
      const { kind: _, ...facts } = answer;
      return facts;
    }
    default:
      return answer satisfies never;
  }
}
