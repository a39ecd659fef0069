import { success } from "../reply.ts";
import { notFound } from "../request-refused.ts";
import type { PartnerRoute } from "../route.ts";
import type { RouteDependencies } from "../route-dependencies.ts";
import { eventFactsView } from "../views/event-view.ts";

/** GET /partner/links/{linkId}/activity: what happened to a link, oldest first. */
export function listLinkActivityRoute({ reads }: RouteDependencies): PartnerRoute {
  return {
    method: "GET",
    path: "/partner/links/:linkId/activity",
    name: "/partner/links/{linkId}/activity",
    describe: {
      summary: "What happened to a link, oldest first",
      answer: "http/answers/link-activity",
      status: 200,
      errors: ["RESOURCE_NOT_FOUND"],
    },
    access: "partner",
    permission: "read",
    limit: "requests",
    answer: async ({ caller, params }) => {
      const linkId = params["linkId"] ?? "";
      const activity = await reads.listLinkActivity({ scope: caller, linkId });
      if (activity === null) throw notFound();
      const items = activity.map(({ detail, ...entry }) => ({ ...entry, detail: eventFactsView(entry.type, detail) }));
      return success(200, { linkId, items });
    },
  };
}
