import type { CorrectUserBody } from "../../../schemas/generated.ts";
import { answerOf } from "../../answer-of.ts";
import { checkedInput, unknownFields } from "../../check-input.ts";
import { isoDay } from "../../iso-time.ts";
import { type OperatorStep, writeDecision } from "../../operator-step.ts";
import { success } from "../../reply.ts";
import { notFound } from "../../request-refused.ts";
import { type AdminRoute, IMAGE_BODY_BYTES } from "../../route.ts";
import type { RouteDependencies } from "../../route-dependencies.ts";
import { givenUserData, userDataProblems } from "../../user-data-input.ts";
import { userUpdatedView } from "../../views/user-updated-view.ts";

/** POST /admin/users/{userId}/fields: what an operator knows to be right, above every other source (A11). */
export function correctUserRoute(dependencies: RouteDependencies): AdminRoute {
  const { reads, clock } = dependencies;
  const validate = dependencies.validate("http/admin/correct-user");
  const rules = (body: { readonly userData?: unknown }) => userDataProblems(body.userData, isoDay(clock));
  return {
    method: "POST",
    path: "/admin/users/:userId/fields",
    name: "/admin/users/{userId}/fields",
    maxBodyBytes: IMAGE_BODY_BYTES,
    describe: {
      summary: "Correct fields of a user",
      body: "http/admin/correct-user",
      answer: "http/answers/user-updated",
      status: 200,
      isCommand: true,
      errors: ["INVALID_REQUEST", "RESOURCE_NOT_FOUND"],
    },
    access: "admin",
    answer: async (request) => {
      const body = checkedInput<CorrectUserBody>(request.body, { validate, rules });
      const address = await reads.addressOfUser(request.params["userId"] ?? "");
      if (address === null) throw notFound();
      const userData = givenUserData(body.userData, dependencies);
      const warnings = [...unknownFields(body, { userData: true, reason: true }), ...userData.warnings];
      const payload = { userData: userData.input, reason: body.reason };
      const step: OperatorStep = {
        address,
        command: async (stamp) => ({ ...stamp, type: "CorrectUser", values: await userData.values(address), payload }),
        reply: (answer) => success(200, { ...userUpdatedView(answerOf(answer, "user_updated")), warnings }),
      };
      return writeDecision(request, step, dependencies);
    },
  };
}
