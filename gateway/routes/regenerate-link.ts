import type { RegenerateLinkBody } from "../../schemas/generated.ts";
import { answerOf } from "../answer-of.ts";
import { checkedInput, unknownFields } from "../check-input.ts";
import { commandLocation, partnerActor } from "../command-origin.ts";
import { success } from "../reply.ts";
import { notFound } from "../request-refused.ts";
import type { PartnerRoute } from "../route.ts";
import type { RouteDependencies } from "../route-dependencies.ts";
import { linkCreatedView } from "../views/link-created-view.ts";

/** POST /partner/links/{linkId}/regenerate: a new link with the old one's settings; the old one has ended or is ended (C12). */
export function regenerateLinkRoute(dependencies: RouteDependencies): PartnerRoute {
  const { reads, write } = dependencies;
  const validate = dependencies.validate("http/regenerate-link");
  return {
    method: "POST",
    path: "/partner/links/:linkId/regenerate",
    name: "/partner/links/{linkId}/regenerate",
    describe: {
      summary: "Make a new link with the settings of an old one",
      body: "http/regenerate-link",
      answer: "http/answers/link-created",
      status: 201,
      isCommand: true,
      errors: ["INVALID_REQUEST", "RESOURCE_NOT_FOUND", "ACTIVE_LINK_EXISTS", "LINK_NOT_REVOCABLE"],
    },
    access: "partner",
    permission: "links:write",
    limit: "links",
    answer: async (request) => {
      const { caller } = request;
      const body = checkedInput<RegenerateLinkBody>(request.body, { validate });
      const found = await reads.readLink({ scope: caller, linkId: request.params["linkId"] ?? "" });
      if (found === null) throw notFound();
      const { linkId } = found.link;
      const warnings = unknownFields(body, { expiresInMinutes: true });
      return write(request, {
        scope: caller,
        location: commandLocation,
        command: async (stamp) => ({
          ...stamp,
          ...found.address,
          type: "RegenerateLink",
          actor: partnerActor(caller),
          values: {},
          payload: { linkId, expiresInMinutes: body.expiresInMinutes ?? null },
        }),
        reply: (answer) => {
          const made = answerOf(answer, "link_created");
          return success(201, linkCreatedView(made, { ...dependencies, hasUserData: false, warnings }));
        },
      });
    },
  };
}
