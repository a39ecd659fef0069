import type { Answer } from "../../domain/decision.ts";
import { REFUSALS } from "../../domain/refusals.ts";
import { success } from "../reply.ts";
import { notFound } from "../request-refused.ts";
import type { Caller, PartnerRoute } from "../route.ts";
import type { RouteDependencies } from "../route-dependencies.ts";
import { cipTicketView } from "../views/cip-ticket-view.ts";
import { linkCreatedView } from "../views/link-created-view.ts";
import { operationView } from "../views/operation-view.ts";

/**
 * GET /partner/commands/{commandId}: what became of a command, for 24 hours. An id that we did not give this partner is
 * 404; one that is not decided yet is `accepted`.
 */
export function getCommandRoute(dependencies: RouteDependencies): PartnerRoute {
  const { commandIds, reads } = dependencies;
  return {
    method: "GET",
    path: "/partner/commands/:commandId",
    name: "/partner/commands/{commandId}",
    describe: {
      summary: "What became of a command",
      answer: "http/answers/command",
      status: 200,
      errors: ["RESOURCE_NOT_FOUND"],
    },
    access: "partner",
    permission: "read",
    limit: "requests",
    answer: async ({ caller, params }) => {
      const commandId = params["commandId"] ?? "";
      if (!commandIds.isGenuine(commandId, caller)) throw notFound();
      const decided = await reads.findDecidedCommand({ scope: caller, commandId });
      if (decided === null) return success(200, { commandId, status: "accepted" });
      const { outcome: status, answer, refusal } = decided;
      if (answer !== null) return success(200, { commandId, status, answer: answerView(answer, caller, dependencies) });
      const { code, message, facts } = refusal ?? {
        code: "INTERNAL_ERROR",
        message: REFUSALS.INTERNAL_ERROR,
        facts: {},
      };
      return success(200, { commandId, status, error: { code, message, ...facts } });
    },
  };
}

/** What the write would have answered. The secret of a link is only for keys that could have made it. */
function answerView(answer: Answer, caller: Caller, dependencies: RouteDependencies): object {
  switch (answer.kind) {
    case "link_created":
    case "link_returned": {
      const view = linkCreatedView(answer, { ...dependencies, hasUserData: false, warnings: [] });
      if (caller.permissions.includes("links:write")) return view;
      const { token: _, ...withoutToken } = view;
      return { ...withoutToken, url: dependencies.addresses.urlOf(answer) };
    }
    case "operation_created":
    case "operation_cancelled":
    case "operation_cancel_requested":
    case "operation_resolved":
      return operationView(answer.operation);
    case "cip_ticket_issued": {
      const { url, ...ticket } = cipTicketView(answer, dependencies.addresses);
      return caller.permissions.includes("links:write") ? { ...ticket, url } : ticket;
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
