import { operationFacts } from "../../domain/operation/facts.ts";
import type { ListOperationsQuery } from "../../schemas/generated.ts";
import { checkedQuery, filterOf, pagedView, pageOf } from "../list-input.ts";
import { success } from "../reply.ts";
import type { PartnerRoute } from "../route.ts";
import type { RouteDependencies } from "../route-dependencies.ts";
import { operationView } from "../views/operation-view.ts";

/** GET /partner/operations: newest first. */
export function listOperationsRoute({ validate, reads }: RouteDependencies): PartnerRoute {
  const validateQuery = validate("http/queries/list-operations");
  return {
    method: "GET",
    path: "/partner/operations",
    name: "/partner/operations",
    describe: {
      summary: "Operations, newest first",
      query: "http/queries/list-operations",
      answer: "http/answers/operations",
      status: 200,
      errors: ["INVALID_REQUEST"],
    },
    access: "partner",
    permission: "read",
    limit: "requests",
    answer: async ({ caller, query }) => {
      const given = checkedQuery<ListOperationsQuery>(query, validateQuery);
      const page = pageOf(given);
      const operations = await reads.listOperations({ scope: caller, filter: filterOf(given), ...page });
      return success(
        200,
        pagedView(operations, page, ({ operation, ...owner }) => operationView(operationFacts(operation, owner))),
      );
    },
  };
}
