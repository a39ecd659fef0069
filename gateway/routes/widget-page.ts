import type { PublicRoute } from "../route.ts";
import type { RouteDependencies } from "../route-dependencies.ts";

/** GET /{linkId}/{flow}: the same page for every link, known or not; it reads the link's secret from the fragment (C10). */
export function widgetPageRoute({ widgetPage }: RouteDependencies): PublicRoute {
  const { html, headers } = widgetPage;
  return {
    method: "GET",
    path: /^\/link_[a-z0-9_-]+\/[\w-]+$/,
    name: "/{linkId}/{flow}",
    describe: {
      summary: "The page behind every link",
      answer: null,
      mediaType: "text/html",
      status: 200,
      errors: [],
    },
    access: "public",
    answer: async () => ({ status: 200, body: html, headers }),
  };
}
