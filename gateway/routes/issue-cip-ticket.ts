import type { IssueCipTicketBody } from "../../schemas/generated.ts";
import { answerOf } from "../answer-of.ts";
import { checkedInput, unknownFields, withWarnings } from "../check-input.ts";
import { commandLocation, partnerActor } from "../command-origin.ts";
import { success } from "../reply.ts";
import { notFound } from "../request-refused.ts";
import type { PartnerRoute } from "../route.ts";
import type { RouteDependencies } from "../route-dependencies.ts";
import { cipTicketView } from "../views/cip-ticket-view.ts";

/** POST /partner/links/{linkId}/cip-tickets: begins an identity check; the ticket's url opens the page there (B17). */
export function issueCipTicketRoute(dependencies: RouteDependencies): PartnerRoute {
  const { reads, write, addresses } = dependencies;
  const validate = dependencies.validate("http/issue-cip-ticket");
  return {
    method: "POST",
    path: "/partner/links/:linkId/cip-tickets",
    name: "/partner/links/{linkId}/cip-tickets",
    describe: {
      summary: "Begin an identity check and get the address that shows it",
      body: "http/issue-cip-ticket",
      answer: "http/answers/cip-ticket",
      status: 201,
      isCommand: true,
      errors: [
        "INVALID_REQUEST",
        "RESOURCE_NOT_FOUND",
        "LINK_REVOKED",
        "LINK_EXPIRED",
        "LINK_NOT_OPEN",
        "CIP_NOT_READY",
        "CIP_IN_PROGRESS",
        "CIP_FAILED_FINAL",
        "CIP_ATTEMPTS_EXHAUSTED",
      ],
    },
    access: "partner",
    permission: "links:write",
    limit: "requests",
    answer: async (request) => {
      const { caller } = request;
      const body = checkedInput<IssueCipTicketBody>(request.body, { validate });
      const found = await reads.readLink({ scope: caller, linkId: request.params["linkId"] ?? "" });
      if (found === null) throw notFound();
      const { linkId } = found.link;
      const warnings = withWarnings(unknownFields(body, {}));
      return write(request, {
        scope: caller,
        location: commandLocation,
        command: async (stamp) => ({
          ...stamp,
          ...found.address,
          type: "IssueCipTicket",
          actor: partnerActor(caller),
          values: {},
          payload: { linkId },
        }),
        reply: (answer) => {
          const ticket = answerOf(answer, "cip_ticket_issued");
          return success(201, { ...cipTicketView(ticket, addresses), ...warnings });
        },
      });
    },
  };
}
