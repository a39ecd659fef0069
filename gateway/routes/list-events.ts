import type { ListEventsQuery } from "../../schemas/generated.ts";
import { checkedQuery, filterOf, pageOf, refuseCursor } from "../list-input.ts";
import { success } from "../reply.ts";
import type { PartnerRoute } from "../route.ts";
import type { RouteDependencies } from "../route-dependencies.ts";
import { eventView } from "../views/event-view.ts";

/** GET /partner/events: what partners hear of, newest first, as its webhooks tell it. */
export function listEventsRoute({ validate, reads }: RouteDependencies): PartnerRoute {
  const validateQuery = validate("http/queries/list-events");
  return {
    method: "GET",
    path: "/partner/events",
    name: "/partner/events",
    describe: {
      summary: "Events, newest first, as their webhooks tell them",
      query: "http/queries/list-events",
      answer: "http/answers/events",
      status: 200,
      errors: ["INVALID_REQUEST"],
    },
    access: "partner",
    permission: "read",
    limit: "requests",
    answer: async ({ caller, query }) => {
      const given = checkedQuery<ListEventsQuery>(query, validateQuery);
      const { type = null, referenceId = null, from = null, to = null, cursor = null } = filterOf(given);
      const { limit } = pageOf(given);
      const page = await reads.listEvents(caller, { type, referenceId, from, to, cursor, limit });
      if (page === null) throw refuseCursor();
      return success(200, { items: page.items.map(eventView), nextCursor: page.nextCursor });
    },
  };
}
