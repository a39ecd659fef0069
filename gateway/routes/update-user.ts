import type { UpdateUserBody } from "../../schemas/generated.ts";
import { answerOf } from "../answer-of.ts";
import { checkedInput, unknownFields } from "../check-input.ts";
import { commandLocation, partnerActor } from "../command-origin.ts";
import { isoDay } from "../iso-time.ts";
import { knownAddress } from "../known-address.ts";
import { success } from "../reply.ts";
import { IMAGE_BODY_BYTES, type PartnerRoute } from "../route.ts";
import type { RouteDependencies } from "../route-dependencies.ts";
import { givenUserData, userDataProblems } from "../user-data-input.ts";
import { userUpdatedView } from "../views/user-updated-view.ts";

/** PATCH /partner/users/{referenceId}: as a link's userData would, without a link (C3); an unknown user is 404. */
export function updateUserRoute(dependencies: RouteDependencies): PartnerRoute {
  const { clock, write } = dependencies;
  const validate = dependencies.validate("http/update-user");
  const rules = (body: { readonly userData?: unknown }) => userDataProblems(body.userData, isoDay(clock));
  return {
    method: "PATCH",
    path: "/partner/users/:referenceId",
    name: "/partner/users/{referenceId}",
    describe: {
      summary: "Say more about a user, without a link",
      body: "http/update-user",
      answer: "http/answers/user-updated",
      status: 200,
      isCommand: true,
      errors: ["INVALID_REQUEST", "RESOURCE_NOT_FOUND"],
    },
    access: "partner",
    permission: "users:write",
    limit: "requests",
    maxBodyBytes: IMAGE_BODY_BYTES,
    answer: async (request) => {
      const { caller, params } = request;
      const body = checkedInput<UpdateUserBody>(request.body, { validate, rules });
      const address = knownAddress(caller, params["referenceId"]);
      const userData = givenUserData(body.userData, dependencies);
      const warnings = [...unknownFields(body, { userData: true }), ...userData.warnings];
      return write(request, {
        scope: caller,
        location: commandLocation,
        command: async (stamp) => ({
          ...stamp,
          ...address,
          type: "UpdateUser",
          actor: partnerActor(caller),
          values: await userData.values(caller),
          payload: { userData: userData.input },
        }),
        reply: (answer) => success(200, { ...userUpdatedView(answerOf(answer, "user_updated")), warnings }),
      });
    },
  };
}
