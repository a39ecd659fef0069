import { success } from "../reply.ts";
import { notFound } from "../request-refused.ts";
import type { PartnerRoute } from "../route.ts";
import type { RouteDependencies } from "../route-dependencies.ts";
import { eventView } from "../views/event-view.ts";

/** GET /partner/events/{eventId}. */
export function getEventRoute({ reads }: RouteDependencies): PartnerRoute {
  return {
    method: "GET",
    path: "/partner/events/:eventId",
    name: "/partner/events/{eventId}",
    describe: {
      summary: "One event, as its webhook tells it",
      answer: "http/answers/event",
      status: 200,
      errors: ["RESOURCE_NOT_FOUND"],
    },
    access: "partner",
    permission: "read",
    limit: "requests",
    answer: async ({ caller, params }) => {
      const found = await reads.findEvent({ scope: caller, eventId: params["eventId"] ?? "" });
      if (found === null) throw notFound();
      return success(200, eventView(found));
    },
  };
}
