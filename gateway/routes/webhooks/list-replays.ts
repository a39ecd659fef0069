import type { ListReplaysQuery } from "../../../schemas/generated.ts";
import { checkedQuery, pagedView, pageOf } from "../../list-input.ts";
import { success } from "../../reply.ts";
import type { PartnerRoute } from "../../route.ts";
import type { RouteDependencies } from "../../route-dependencies.ts";
import { replayView } from "../../views/replay-view.ts";

/** GET /partner/replays: replays and recoveries, newest first. */
export function listReplaysRoute({ validate, reads }: RouteDependencies): PartnerRoute {
  const validateQuery = validate("http/queries/list-replays");
  return {
    method: "GET",
    path: "/partner/replays",
    name: "/partner/replays",
    describe: {
      summary: "Replays and recoveries, newest first",
      query: "http/queries/list-replays",
      answer: "http/answers/replays",
      status: 200,
      errors: ["INVALID_REQUEST"],
    },
    access: "partner",
    permission: "read",
    limit: "requests",
    answer: async ({ caller, query }) => {
      const page = pageOf(checkedQuery<ListReplaysQuery>(query, validateQuery));
      return success(200, pagedView(await reads.listReplays(caller, page), page, replayView));
    },
  };
}
