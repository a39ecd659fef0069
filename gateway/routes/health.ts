import { answerObserved } from "../../runtime/health-server.ts";
import type { Reply } from "../reply.ts";
import { notFound } from "../request-refused.ts";
import type { PublicRoute } from "../route.ts";
import type { RouteDependencies } from "../route-dependencies.ts";

/** GET /health/live, /health/ready and /metrics: for those who run this, not for partners. */
export function healthRoutes({ observed }: RouteDependencies): readonly PublicRoute[] {
  return ["/health/live", "/health/ready", "/metrics"].map((path) => ({
    method: "GET",
    path,
    name: path,
    describe: {
      summary: path === "/metrics" ? "Numbers for Prometheus" : "Whether this process lives, or can take requests",
      answer: null,
      mediaType: path === "/metrics" ? "text/plain" : "application/json",
      status: 200,
      errors: ["UNAVAILABLE"],
    },
    access: "public",
    answer: async (): Promise<Reply> => {
      const answer = await answerObserved(path, observed);
      if (answer === undefined) throw notFound();
      const { status, contentType, body } = answer;
      return { status, body, headers: { "content-type": contentType, "cache-control": "no-store" } };
    },
  }));
}
