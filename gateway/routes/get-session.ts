import type { WidgetRoute } from "../route.ts";
import type { RouteDependencies } from "../route-dependencies.ts";
import { sessionReply } from "../widget-step.ts";

/** GET /widget/links/{linkId}: what the page shows now. Changes nothing: previews and scanners may come (C6). */
export function getSessionRoute(dependencies: RouteDependencies): WidgetRoute {
  return {
    method: "GET",
    path: "/widget/links/:linkId",
    name: "/widget/links/{linkId}",
    describe: {
      summary: "The session of a link; changes nothing",
      answer: "http/answers/session",
      status: 200,
      errors: ["RESOURCE_NOT_FOUND"],
    },
    access: "widget",
    answer: ({ linkId }) => sessionReply(linkId, { status: 200 }, dependencies),
  };
}
