import type { WidgetRoute } from "../route.ts";
import type { RouteDependencies } from "../route-dependencies.ts";
import { sessionReply } from "../widget-step.ts";

/** GET /widget/links/{linkId}: what the page shows now. Changes nothing: previews and scanners may come (C6). */
export function getSessionRoute(dependencies: RouteDependencies): WidgetRoute {
  return {
    method: "GET",
    path: "/widget/links/:linkId",
    name: "/widget/links/{linkId}",
    access: "widget",
    answer: ({ linkId }) => sessionReply(linkId, { status: 200 }, dependencies),
  };
}
