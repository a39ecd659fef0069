import { success } from "../reply.ts";
import { notFound } from "../request-refused.ts";
import type { PartnerRoute } from "../route.ts";
import type { RouteDependencies } from "../route-dependencies.ts";
import { commandView } from "../views/command-view.ts";

/**
 * GET /partner/commands/{commandId}: what became of a command, for 24 hours. An id that we did not give this partner is
 * 404; one that is not decided yet is `accepted`.
 */
export function getCommandRoute(dependencies: RouteDependencies): PartnerRoute {
  const { commandIds, reads } = dependencies;
  return {
    method: "GET",
    path: "/partner/commands/:commandId",
    name: "/partner/commands/{commandId}",
    describe: {
      summary: "What became of a command",
      answer: "http/answers/command",
      status: 200,
      errors: ["RESOURCE_NOT_FOUND"],
    },
    access: "partner",
    permission: "read",
    limit: "requests",
    answer: async ({ caller, params }) => {
      const commandId = params["commandId"] ?? "";
      if (!commandIds.isGenuine(commandId, caller)) throw notFound();
      const decided = await reads.findDecidedCommand({ scope: caller, commandId });
      const mayOpenLinks = caller.permissions.includes("links:write");
      return success(200, commandView(commandId, decided, { ...dependencies, mayOpenLinks }));
    },
  };
}
