import { answerOf } from "../../answer-of.ts";
import { pathOf } from "../../known-path.ts";
import { type OperatorStep, writeDecision } from "../../operator-step.ts";
import { success } from "../../reply.ts";
import { notFound } from "../../request-refused.ts";
import type { AdminRoute } from "../../route.ts";
import type { RouteDependencies } from "../../route-dependencies.ts";
import { userUpdatedView } from "../../views/user-updated-view.ts";

/** DELETE /admin/users/{userId}/fields/{path}: takes an operator's correction back; the next source surfaces (A11). */
export function removeCorrectionRoute(dependencies: RouteDependencies): AdminRoute {
  const { reads } = dependencies;
  return {
    method: "DELETE",
    path: "/admin/users/:userId/fields/:path",
    name: "/admin/users/{userId}/fields/{path}",
    describe: {
      summary: "Take an operator's correction back",
      answer: "http/answers/user-updated",
      status: 200,
      isCommand: true,
      errors: ["INVALID_REQUEST", "RESOURCE_NOT_FOUND"],
    },
    access: "admin",
    answer: async (request) => {
      const path = pathOf(request.params["path"]);
      const address = await reads.addressOfUser(request.params["userId"] ?? "");
      if (address === null) throw notFound();
      const payload = { path, source: "operator" } as const;
      const step: OperatorStep = {
        address,
        command: async (stamp) => ({ ...stamp, type: "RemoveField", values: {}, payload }),
        reply: (answer) => success(200, userUpdatedView(answerOf(answer, "user_updated"))),
      };
      return writeDecision(request, step, dependencies);
    },
  };
}
