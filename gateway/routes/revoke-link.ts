import type { RevokeLinkBody } from "../../schemas/generated.ts";
import { answerOf } from "../answer-of.ts";
import { checkedInput, unknownFields, withWarnings } from "../check-input.ts";
import { commandLocation, partnerActor } from "../command-origin.ts";
import { success } from "../reply.ts";
import { notFound } from "../request-refused.ts";
import type { PartnerRoute } from "../route.ts";
import type { RouteDependencies } from "../route-dependencies.ts";

/** POST /partner/links/{linkId}/revoke: ends a created or opened link; with `force` one in progress, unless committed (E1–E5). */
export function revokeLinkRoute({ validate, reads, write }: RouteDependencies): PartnerRoute {
  const validateBody = validate("http/revoke-link");
  return {
    method: "POST",
    path: "/partner/links/:linkId/revoke",
    name: "/partner/links/{linkId}/revoke",
    describe: {
      summary: "Revoke a link",
      body: "http/revoke-link",
      answer: "http/answers/link-revoked",
      status: 200,
      isCommand: true,
      errors: ["INVALID_REQUEST", "RESOURCE_NOT_FOUND", "LINK_NOT_REVOCABLE"],
    },
    access: "partner",
    permission: "links:write",
    limit: "requests",
    answer: async (request) => {
      const { caller } = request;
      const body = checkedInput<RevokeLinkBody>(request.body, { validate: validateBody });
      const found = await reads.readLink({ scope: caller, linkId: request.params["linkId"] ?? "" });
      if (found === null) throw notFound();
      const {
        address,
        link: { linkId },
      } = found;
      return write(request, {
        scope: caller,
        location: commandLocation,
        command: async (stamp) => ({
          ...stamp,
          ...address,
          type: "RevokeLink",
          actor: partnerActor(caller),
          values: {},
          payload: { linkId, reason: body.reason ?? null, force: body.force ?? false },
        }),
        reply: (answer) => {
          const { revokedAt } = answerOf(answer, "link_revoked");
          const warnings = withWarnings(unknownFields(body, { reason: true, force: true }));
          return success(200, { linkId, status: "revoked", revokedAt, ...warnings });
        },
      });
    },
  };
}
