import { success } from "../../reply.ts";
import { notFound } from "../../request-refused.ts";
import type { AdminRoute } from "../../route.ts";
import type { RouteDependencies } from "../../route-dependencies.ts";
import { commandView } from "../../views/command-view.ts";

const WORLDS = ["test", "live"] as const;

/** GET /admin/commands/{commandId}: what became of a command of any partner, for 24 hours. */
export function getAdminCommandRoute(dependencies: RouteDependencies): AdminRoute {
  const { commandIds, reads } = dependencies;
  return {
    method: "GET",
    path: "/admin/commands/:commandId",
    name: "/admin/commands/{commandId}",
    describe: {
      summary: "What became of a command",
      answer: "http/answers/command",
      status: 200,
      errors: ["RESOURCE_NOT_FOUND"],
    },
    access: "admin",
    answer: async ({ params }) => {
      const commandId = params["commandId"] ?? "";
      const partner = commandId.split("_")[1] ?? "";
      const scope = WORLDS.map((environment) => ({ partner, environment })).find((one) =>
        commandIds.isGenuine(commandId, one),
      );
      if (scope === undefined) throw notFound();
      const decided = await reads.findDecidedCommand({ scope, commandId });
      return success(200, commandView(commandId, decided, { ...dependencies, mayOpenLinks: false }));
    },
  };
}
