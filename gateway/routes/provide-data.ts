import type { ProvideDataBody } from "../../schemas/generated.ts";
import { answerOf } from "../answer-of.ts";
import { checkedInput, unknownFields, withWarnings } from "../check-input.ts";
import { isoDay } from "../iso-time.ts";
import { IMAGE_BODY_BYTES, type WidgetRoute } from "../route.ts";
import type { RouteDependencies } from "../route-dependencies.ts";
import { givenUserData, userDataProblems } from "../user-data-input.ts";
import { sessionReply, type WidgetStep, writeStep } from "../widget-step.ts";

/** PUT /widget/links/{linkId}/data: what the user typed, source widget; refused when another tab was faster (C11). */
export function provideDataRoute(dependencies: RouteDependencies): WidgetRoute {
  const validate = dependencies.validate("http/provide-data");
  const rules = (body: { readonly userData?: unknown }) => userDataProblems(body.userData, isoDay(dependencies.clock));
  return {
    method: "PUT",
    path: "/widget/links/:linkId/data",
    name: "/widget/links/{linkId}/data",
    describe: {
      summary: "What the user typed",
      body: "http/provide-data",
      answer: "http/answers/session",
      status: 200,
      isCommand: true,
      errors: [
        "INVALID_REQUEST",
        "RESOURCE_NOT_FOUND",
        "PARTNER_SUSPENDED",
        "STEP_OUT_OF_DATE",
        "LINK_NOT_OPEN",
        "LINK_REVOKED",
        "LINK_EXPIRED",
      ],
    },
    access: "widget",
    maxBodyBytes: IMAGE_BODY_BYTES,
    answer: (request) => {
      const { linkId } = request;
      const body = checkedInput<ProvideDataBody>(request.body, { validate, rules });
      return writeStep(request, stepOf(linkId, body, dependencies), dependencies);
    },
  };
}

function stepOf(linkId: string, body: ProvideDataBody, dependencies: RouteDependencies): WidgetStep {
  const userData = givenUserData(body.userData, dependencies);
  const warnings = [...unknownFields(body, { userData: true, version: true }), ...userData.warnings];
  return {
    command: async (stamp) => ({
      ...stamp,
      type: "ProvideData",
      values: await userData.values(stamp),
      payload: { linkId, version: body.version, userData: userData.input },
    }),
    reply: (answer) => {
      const { ignoredFields } = answerOf(answer, "session_changed");
      const more = { ignoredFields, ...withWarnings(warnings) };
      return sessionReply(linkId, { status: 200, more }, dependencies);
    },
  };
}
