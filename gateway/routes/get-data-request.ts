import { isoTime } from "../iso-time.ts";
import { success } from "../reply.ts";
import { notFound } from "../request-refused.ts";
import type { PartnerRoute } from "../route.ts";
import type { RouteDependencies } from "../route-dependencies.ts";
import { dataRequestView } from "../views/data-request-view.ts";

/** GET /partner/data-requests/{dataRequestId}. */
export function getDataRequestRoute({ reads, clock }: RouteDependencies): PartnerRoute {
  return {
    method: "GET",
    path: "/partner/data-requests/:dataRequestId",
    name: "/partner/data-requests/{dataRequestId}",
    describe: {
      summary: "One data request",
      answer: "http/answers/data-request",
      status: 200,
      errors: ["RESOURCE_NOT_FOUND"],
    },
    access: "partner",
    permission: "read",
    limit: "requests",
    answer: async ({ caller, params }) => {
      const named = { scope: caller, dataRequestId: params["dataRequestId"] ?? "" };
      const found = await reads.findDataRequest(named, isoTime(clock));
      if (found === null) throw notFound();
      return success(200, dataRequestView(found));
    },
  };
}
