import type { ListUserHistoryQuery } from "../../schemas/generated.ts";
import { addressOf } from "../command-origin.ts";
import { checkedQuery, pageOf, refuseCursor } from "../list-input.ts";
import { success } from "../reply.ts";
import { notFound } from "../request-refused.ts";
import type { PartnerRoute } from "../route.ts";
import type { RouteDependencies } from "../route-dependencies.ts";
import { historyEntryView } from "../views/event-view.ts";

/** GET /partner/users/{referenceId}/history: every event, newest first, with who caused it by which command; no value. */
export function listUserHistoryRoute({ validate, reads }: RouteDependencies): PartnerRoute {
  const validateQuery = validate("http/queries/list-user-history");
  return {
    method: "GET",
    path: "/partner/users/:referenceId/history",
    name: "/partner/users/{referenceId}/history",
    describe: {
      summary: "Every event of a user, newest first",
      query: "http/queries/list-user-history",
      answer: "http/answers/user-history",
      status: 200,
      errors: ["INVALID_REQUEST", "RESOURCE_NOT_FOUND"],
    },
    access: "partner",
    permission: "read",
    limit: "requests",
    answer: async ({ caller, params, query }) => {
      const given = checkedQuery<ListUserHistoryQuery>(query, validateQuery);
      const { limit } = pageOf(given);
      const address = addressOf(caller, params["referenceId"] ?? "");
      const found = await reads.listHistory(address, { cursor: given.cursor ?? null, limit });
      if (found === "unknown_user") throw notFound();
      if (found === "unknown_cursor") throw refuseCursor();
      return success(200, { items: found.items.map(historyEntryView), nextCursor: found.nextCursor });
    },
  };
}
