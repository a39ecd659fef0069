import type { ListParkedQuery } from "../../../schemas/generated.ts";
import { checkedQuery, pagedView, pageOf } from "../../list-input.ts";
import { success } from "../../reply.ts";
import type { AdminRoute } from "../../route.ts";
import type { RouteDependencies } from "../../route-dependencies.ts";
import { parkedView } from "../../views/parked-view.ts";

/** GET /admin/parked: what could not be handled, newest first, without its bytes. */
export function listParkedRoute({ validate, reads }: RouteDependencies): AdminRoute {
  const validateQuery = validate("http/queries/admin/list-parked");
  return {
    method: "GET",
    path: "/admin/parked",
    name: "/admin/parked",
    describe: {
      summary: "Parked messages, newest first",
      query: "http/queries/admin/list-parked",
      answer: "http/answers/admin/parked-messages",
      status: 200,
      errors: ["INVALID_REQUEST"],
    },
    access: "admin",
    answer: async ({ query }) => {
      const given = checkedQuery<ListParkedQuery>(query, validateQuery);
      const page = pageOf(given);
      const parked = await reads.listParked({ status: given.status ?? null, ...page });
      return success(200, pagedView(parked, page, parkedView));
    },
  };
}
