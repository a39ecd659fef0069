import { removeEndpoint } from "../../../storage/configuration/webhook-endpoint-changes.ts";
import { success } from "../../reply.ts";
import { notFound } from "../../request-refused.ts";
import type { PartnerRoute } from "../../route.ts";
import type { RouteDependencies } from "../../route-dependencies.ts";

/** DELETE /partner/webhook-endpoints/{endpointId}: what waits for it fails as `receiver_removed`. A second time is 404. */
export function removeEndpointRoute({ configureOwn }: RouteDependencies): PartnerRoute {
  return {
    method: "DELETE",
    path: "/partner/webhook-endpoints/:endpointId",
    name: "/partner/webhook-endpoints/{endpointId}",
    describe: {
      summary: "Delete a webhook endpoint",
      answer: "http/answers/webhook-endpoint-removed",
      status: 200,
      errors: ["RESOURCE_NOT_FOUND"],
    },
    access: "partner",
    permission: "webhooks:write",
    limit: "requests",
    answer: (request) => {
      const endpointId = request.params["endpointId"] ?? "";
      return configureOwn(request, async (unit, now) => {
        if (!(await removeEndpoint(unit, { scope: request.caller, endpointId }, now))) throw notFound();
        return success(200, { endpointId, deletedAt: now });
      });
    },
  };
}
