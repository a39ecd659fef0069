import { answerOf } from "../answer-of.ts";
import { commandLocation, partnerActor } from "../command-origin.ts";
import { knownAddress } from "../known-address.ts";
import { pathOf } from "../known-path.ts";
import { success } from "../reply.ts";
import type { PartnerRoute } from "../route.ts";
import type { RouteDependencies } from "../route-dependencies.ts";
import { userUpdatedView } from "../views/user-updated-view.ts";

/** DELETE /partner/users/{referenceId}/fields/{path}: the partner takes its own word back; the next source surfaces (A4). */
export function removeFieldRoute({ write }: RouteDependencies): PartnerRoute {
  return {
    method: "DELETE",
    path: "/partner/users/:referenceId/fields/:path",
    name: "/partner/users/{referenceId}/fields/{path}",
    describe: {
      summary: "Take back what this partner said about one field",
      answer: "http/answers/user-updated",
      status: 200,
      isCommand: true,
      errors: ["INVALID_REQUEST", "RESOURCE_NOT_FOUND"],
    },
    access: "partner",
    permission: "users:write",
    limit: "requests",
    answer: async (request) => {
      const { caller, params } = request;
      const path = pathOf(params["path"]);
      const address = knownAddress(caller, params["referenceId"]);
      return write(request, {
        scope: caller,
        location: commandLocation,
        command: async (stamp) => ({
          ...stamp,
          ...address,
          type: "RemoveField",
          actor: partnerActor(caller),
          values: {},
          payload: { path, source: "partner_api" },
        }),
        reply: (answer) => success(200, userUpdatedView(answerOf(answer, "user_updated"))),
      });
    },
  };
}
