import type { CancelOperationBody } from "../../schemas/generated.ts";
import { answerOf } from "../answer-of.ts";
import { checkedInput, unknownFields, withWarnings } from "../check-input.ts";
import { success } from "../reply.ts";
import type { WidgetRoute } from "../route.ts";
import type { RouteDependencies } from "../route-dependencies.ts";
import { operationView } from "../views/operation-view.ts";
import { type WidgetStep, writeStep } from "../widget-step.ts";

/**
 * POST /widget/links/{linkId}/operation/cancel (J5): cancelled at once when nobody has heard of the transfer yet; else
 * the payment system is asked, and the operation says so when it has answered.
 */
export function cancelOperationRoute(dependencies: RouteDependencies): WidgetRoute {
  const validate = dependencies.validate("http/cancel-operation");
  return {
    method: "POST",
    path: "/widget/links/:linkId/operation/cancel",
    name: "/widget/links/{linkId}/operation/cancel",
    describe: {
      summary: "Cancel the transfer that was confirmed on this link",
      body: "http/cancel-operation",
      answer: "http/answers/operation-cancelled",
      status: 200,
      isCommand: true,
      errors: ["INVALID_REQUEST", "RESOURCE_NOT_FOUND", "PARTNER_SUSPENDED", "OPERATION_NOT_CANCELLABLE"],
    },
    access: "widget",
    answer: (request) => {
      const { linkId } = request;
      const body = checkedInput<CancelOperationBody>(request.body, { validate });
      const warnings = withWarnings(unknownFields(body, {}));
      const step: WidgetStep = {
        command: async (stamp) => ({ ...stamp, type: "CancelOperation", values: {}, payload: { linkId } }),
        reply: (answer) => {
          const { kind, operation } = answerOf(answer, "operation_cancelled", "operation_cancel_requested");
          const cancellation = kind === "operation_cancelled" ? "done" : "requested";
          return success(200, { ...operationView(operation), cancellation, ...warnings });
        },
      };
      return writeStep(request, step, dependencies);
    },
  };
}
