import { operationFacts } from "../../domain/operation/facts.ts";
import { success } from "../reply.ts";
import { notFound } from "../request-refused.ts";
import type { PartnerRoute } from "../route.ts";
import type { RouteDependencies } from "../route-dependencies.ts";
import { operationView } from "../views/operation-view.ts";

/** GET /partner/operations/{operationId}. */
export function getOperationRoute({ reads }: RouteDependencies): PartnerRoute {
  return {
    method: "GET",
    path: "/partner/operations/:operationId",
    name: "/partner/operations/{operationId}",
    describe: {
      summary: "One operation",
      answer: "http/answers/operation",
      status: 200,
      errors: ["RESOURCE_NOT_FOUND"],
    },
    access: "partner",
    permission: "read",
    limit: "requests",
    answer: async ({ caller, params }) => {
      const found = await reads.findOperation({ scope: caller, operationId: params["operationId"] ?? "" });
      if (found === null) throw notFound();
      const { operation, ...owner } = found;
      return success(200, operationView(operationFacts(operation, owner)));
    },
  };
}
