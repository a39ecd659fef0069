import { success } from "../../reply.ts";
import { notFound } from "../../request-refused.ts";
import type { PartnerRoute } from "../../route.ts";
import type { RouteDependencies } from "../../route-dependencies.ts";
import { replayView } from "../../views/replay-view.ts";

/** GET /partner/replays/{replayId}: what it sends again, and how far it is. */
export function getReplayRoute({ reads }: RouteDependencies): PartnerRoute {
  return {
    method: "GET",
    path: "/partner/replays/:replayId",
    name: "/partner/replays/{replayId}",
    describe: {
      summary: "One replay, and how far it is",
      answer: "http/answers/replay",
      status: 200,
      errors: ["RESOURCE_NOT_FOUND"],
    },
    access: "partner",
    permission: "read",
    limit: "requests",
    answer: async ({ caller, params }) => {
      const found = await reads.findReplay(caller, params["replayId"] ?? "");
      if (found === null) throw notFound();
      return success(200, replayView(found));
    },
  };
}
