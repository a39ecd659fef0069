import type { DecideReviewBody } from "../../../schemas/generated.ts";
import { answerOf } from "../../answer-of.ts";
import { checkedInput, unknownFields, withWarnings } from "../../check-input.ts";
import { type OperatorStep, writeDecision } from "../../operator-step.ts";
import { success } from "../../reply.ts";
import { notFound } from "../../request-refused.ts";
import type { AdminRoute } from "../../route.ts";
import type { RouteDependencies } from "../../route-dependencies.ts";

/** POST /admin/reviews/{userId}/decision: what an operator decides about a user, with a reason (B14). */
export function decideReviewRoute(dependencies: RouteDependencies): AdminRoute {
  const { reads } = dependencies;
  const validate = dependencies.validate("http/admin/decide-review");
  return {
    method: "POST",
    path: "/admin/reviews/:userId/decision",
    name: "/admin/reviews/{userId}/decision",
    describe: {
      summary: "Decide a review",
      body: "http/admin/decide-review",
      answer: "http/answers/admin/user-reviewed",
      status: 200,
      isCommand: true,
      errors: ["INVALID_REQUEST", "RESOURCE_NOT_FOUND"],
    },
    access: "admin",
    answer: async (request) => {
      const body = checkedInput<DecideReviewBody>(request.body, { validate });
      const userId = request.params["userId"] ?? "";
      const address = await reads.addressOfUser(userId);
      if (address === null) throw notFound();
      const { decision, reason, acceptDifferences = [] } = body;
      const warnings = withWarnings(unknownFields(body, { decision: true, reason: true, acceptDifferences: true }));
      const payload = { decision, reason, acceptDifferences };
      const step: OperatorStep = {
        address,
        command: async (stamp) => ({ ...stamp, type: "ReviewUser", values: {}, payload }),
        reply: (answer) => {
          const { userState, userVersion } = answerOf(answer, "user_reviewed");
          return success(200, { userId, userState, userVersion, ...warnings });
        },
      };
      return writeDecision(request, step, dependencies);
    },
  };
}
