import { success } from "../../reply.ts";
import { notFound } from "../../request-refused.ts";
import type { AdminRoute } from "../../route.ts";
import type { RouteDependencies } from "../../route-dependencies.ts";
import { parkedView } from "../../views/parked-view.ts";

/** GET /admin/parked/{parkedId}: with its raw bytes, whole, for the person who has to understand it. */
export function getParkedRoute({ reads }: RouteDependencies): AdminRoute {
  return {
    method: "GET",
    path: "/admin/parked/:parkedId",
    name: "/admin/parked/{parkedId}",
    describe: {
      summary: "One parked message with its bytes",
      answer: "http/answers/admin/parked-message",
      status: 200,
      errors: ["RESOURCE_NOT_FOUND"],
    },
    access: "admin",
    answer: async ({ params }) => {
      const found = await reads.findParked(params["parkedId"] ?? "");
      if (found === null) throw notFound();
      return success(200, { ...parkedView(found), rawBase64: found.rawBase64 });
    },
  };
}
