import { success } from "../../reply.ts";
import { notFound } from "../../request-refused.ts";
import type { PartnerRoute } from "../../route.ts";
import type { RouteDependencies } from "../../route-dependencies.ts";
import { endpointView } from "../../views/endpoint-view.ts";

/** GET /partner/webhook-endpoints/{endpointId}: the endpoint, and how it has been doing. */
export function getEndpointRoute({ reads }: RouteDependencies): PartnerRoute {
  return {
    method: "GET",
    path: "/partner/webhook-endpoints/:endpointId",
    name: "/partner/webhook-endpoints/{endpointId}",
    describe: {
      summary: "One webhook endpoint, and how it has been doing",
      answer: "http/answers/webhook-endpoint",
      status: 200,
      errors: ["RESOURCE_NOT_FOUND"],
    },
    access: "partner",
    permission: "read",
    limit: "requests",
    answer: async ({ caller, params }) => {
      const found = await reads.findEndpoint(caller, params["endpointId"] ?? "");
      if (found === null) throw notFound();
      return success(200, endpointView(found));
    },
  };
}
