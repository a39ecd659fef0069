import type { SubmitCipBody } from "../../schemas/generated.ts";
import { answerOf } from "../answer-of.ts";
import { checkedInput, unknownFields, withWarnings } from "../check-input.ts";
import type { WidgetRoute } from "../route.ts";
import type { RouteDependencies } from "../route-dependencies.ts";
import { sessionReply, type WidgetStep, writeStep } from "../widget-step.ts";

/** POST /widget/links/{linkId}/cip: what is there is submitted as evidence (D7); a verified user needs no attempt. */
export function submitCipRoute(dependencies: RouteDependencies): WidgetRoute {
  const validate = dependencies.validate("http/submit-cip");
  return {
    method: "POST",
    path: "/widget/links/:linkId/cip",
    name: "/widget/links/{linkId}/cip",
    describe: {
      summary: "Submit what is there as evidence for the identity check",
      body: "http/submit-cip",
      answer: "http/answers/session",
      status: 202,
      alsoAnswers: { 200: "http/answers/session" },
      isCommand: true,
      errors: [
        "INVALID_REQUEST",
        "RESOURCE_NOT_FOUND",
        "PARTNER_SUSPENDED",
        "LINK_NOT_OPEN",
        "LINK_REVOKED",
        "LINK_EXPIRED",
        "CIP_NOT_READY",
        "CIP_IN_PROGRESS",
        "CIP_FAILED_FINAL",
        "CIP_ATTEMPTS_EXHAUSTED",
      ],
    },
    access: "widget",
    answer: (request) => {
      const { linkId } = request;
      const body = checkedInput<SubmitCipBody>(request.body, { validate });
      const warnings = withWarnings(unknownFields(body, { consent: true }));
      const step: WidgetStep = {
        command: async (stamp) => ({ ...stamp, type: "SubmitCip", values: {}, payload: { linkId } }),
        reply: (answer) => {
          const { attemptId } = answerOf(answer, "cip_submitted");
          if (attemptId === null) return sessionReply(linkId, { status: 200, more: warnings }, dependencies);
          return sessionReply(linkId, { status: 202, more: { attemptId, ...warnings } }, dependencies);
        },
      };
      return writeStep(request, step, dependencies);
    },
  };
}
