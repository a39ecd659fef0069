import { missingFields } from "../../domain/user/required-fields.ts";
import { isoTime } from "../iso-time.ts";
import { success } from "../reply.ts";
import { notFound } from "../request-refused.ts";
import type { PartnerRoute } from "../route.ts";
import type { RouteDependencies } from "../route-dependencies.ts";

/** GET /partner/links/{linkId}/cip-readiness: whether there is enough for the identity check; changes nothing. */
export function getCipReadinessRoute({ reads, clock }: RouteDependencies): PartnerRoute {
  return {
    method: "GET",
    path: "/partner/links/:linkId/cip-readiness",
    name: "/partner/links/{linkId}/cip-readiness",
    describe: {
      summary: "Whether there is enough data for the identity check",
      answer: "http/answers/cip-readiness",
      status: 200,
      errors: ["RESOURCE_NOT_FOUND"],
    },
    access: "partner",
    permission: "read",
    limit: "requests",
    answer: async ({ caller, params }) => {
      const found = await reads.findLink({ scope: caller, linkId: params["linkId"] ?? "" }, isoTime(clock));
      if (found === null) throw notFound();
      const { link, user } = found;
      const missing = missingFields(user, caller.settings);
      const ready = missing.length === 0;
      return success(200, { linkId: link.linkId, ready, missingFields: missing, userState: user.state });
    },
  };
}
