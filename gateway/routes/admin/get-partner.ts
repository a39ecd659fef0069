import { success } from "../../reply.ts";
import { notFound } from "../../request-refused.ts";
import type { AdminRoute } from "../../route.ts";
import type { RouteDependencies } from "../../route-dependencies.ts";
import { partnerView } from "../../views/partner-view.ts";

/** GET /admin/partners/{partner}. */
export function getPartnerRoute({ reads }: RouteDependencies): AdminRoute {
  return {
    method: "GET",
    path: "/admin/partners/:partner",
    name: "/admin/partners/{partner}",
    describe: {
      summary: "One partner",
      answer: "http/answers/admin/partner",
      status: 200,
      errors: ["RESOURCE_NOT_FOUND"],
    },
    access: "admin",
    answer: async ({ params }) => {
      const found = await reads.findPartner(params["partner"] ?? "");
      if (found === null) throw notFound();
      return success(200, partnerView(found));
    },
  };
}
