import { stepsOf } from "../../domain/link/session.ts";
import type { GetLinkQuery } from "../../schemas/generated.ts";
import { isoTime } from "../iso-time.ts";
import { checkedQuery, isRevealed } from "../list-input.ts";
import { success } from "../reply.ts";
import { notFound } from "../request-refused.ts";
import type { PartnerRoute } from "../route.ts";
import type { RouteDependencies } from "../route-dependencies.ts";
import { linkDetailView } from "../views/link-view.ts";
import { showing } from "../views/user-data-view.ts";

/** GET /partner/links/{linkId}: with the steps that its page shows now (S4). */
export function getLinkRoute({ validate, reads, addresses, clock }: RouteDependencies): PartnerRoute {
  const validateQuery = validate("http/queries/get-link");
  return {
    method: "GET",
    path: "/partner/links/:linkId",
    name: "/partner/links/{linkId}",
    describe: {
      summary: "One link, with the steps that its page shows now",
      query: "http/queries/get-link",
      answer: "http/answers/link",
      status: 200,
      errors: ["INVALID_REQUEST", "RESOURCE_NOT_FOUND"],
    },
    access: "partner",
    permission: "read",
    limit: "requests",
    answer: async ({ caller, params, query }) => {
      const show = showing(isRevealed(caller, checkedQuery<GetLinkQuery>(query, validateQuery)));
      const now = isoTime(clock);
      const found = await reads.findLink({ scope: caller, linkId: params["linkId"] ?? "" }, now);
      if (found === null) throw notFound();
      const steps = stepsOf({ ...found, settings: caller.settings, now });
      return success(200, linkDetailView(found, steps, { addresses, show }));
    },
  };
}
