import type { ListDataRequestsQuery } from "../../schemas/generated.ts";
import { isoTime } from "../iso-time.ts";
import { checkedQuery, filterOf, pagedView, pageOf } from "../list-input.ts";
import { success } from "../reply.ts";
import type { PartnerRoute } from "../route.ts";
import type { RouteDependencies } from "../route-dependencies.ts";
import { dataRequestView } from "../views/data-request-view.ts";

/** GET /partner/data-requests: newest first; those that no webhook told of, too (D8). */
export function listDataRequestsRoute({ validate, reads, clock }: RouteDependencies): PartnerRoute {
  const validateQuery = validate("http/queries/list-data-requests");
  return {
    method: "GET",
    path: "/partner/data-requests",
    name: "/partner/data-requests",
    describe: {
      summary: "Data requests, newest first",
      query: "http/queries/list-data-requests",
      answer: "http/answers/data-requests",
      status: 200,
      errors: ["INVALID_REQUEST"],
    },
    access: "partner",
    permission: "read",
    limit: "requests",
    answer: async ({ caller, query }) => {
      const given = checkedQuery<ListDataRequestsQuery>(query, validateQuery);
      const page = pageOf(given);
      const now = isoTime(clock);
      const requests = await reads.listDataRequests({ scope: caller, filter: filterOf(given), ...page, now });
      return success(200, pagedView(requests, page, dataRequestView));
    },
  };
}
