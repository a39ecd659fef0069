import type { ListPartnersQuery } from "../../../schemas/generated.ts";
import { checkedQuery, pagedView, pageOf } from "../../list-input.ts";
import { success } from "../../reply.ts";
import type { AdminRoute } from "../../route.ts";
import type { RouteDependencies } from "../../route-dependencies.ts";
import { partnerView } from "../../views/partner-view.ts";

/** GET /admin/partners: newest first. */
export function listPartnersRoute({ validate, reads }: RouteDependencies): AdminRoute {
  const validateQuery = validate("http/queries/admin/list-partners");
  return {
    method: "GET",
    path: "/admin/partners",
    name: "/admin/partners",
    describe: {
      summary: "Partners, newest first",
      query: "http/queries/admin/list-partners",
      answer: "http/answers/admin/partners",
      status: 200,
      errors: ["INVALID_REQUEST"],
    },
    access: "admin",
    answer: async ({ query }) => {
      const page = pageOf(checkedQuery<ListPartnersQuery>(query, validateQuery));
      return success(200, pagedView(await reads.listPartners(page), page, partnerView));
    },
  };
}
