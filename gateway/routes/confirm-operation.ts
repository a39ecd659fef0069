import { isDecimal } from "../../domain/operation/money.ts";
import type { Problem } from "../../domain/refusals.ts";
import type { ConfirmOperationBody } from "../../schemas/generated.ts";
import { answerOf } from "../answer-of.ts";
import { checkedInput, unknownFields, withWarnings } from "../check-input.ts";
import { success } from "../reply.ts";
import type { WidgetRoute } from "../route.ts";
import type { RouteDependencies } from "../route-dependencies.ts";
import { operationView } from "../views/operation-view.ts";
import { type WidgetStep, writeStep } from "../widget-step.ts";

/** POST /widget/links/{linkId}/operation: the user confirms a transfer, the commit point (C8, J1–J3). */
export function confirmOperationRoute(dependencies: RouteDependencies): WidgetRoute {
  const validate = dependencies.validate("http/confirm-operation");
  return {
    method: "POST",
    path: "/widget/links/:linkId/operation",
    name: "/widget/links/{linkId}/operation",
    describe: {
      summary: "Confirm a transfer: the commit point",
      body: "http/confirm-operation",
      answer: "http/answers/operation",
      status: 201,
      isCommand: true,
      errors: [
        "INVALID_REQUEST",
        "RESOURCE_NOT_FOUND",
        "PARTNER_SUSPENDED",
        "LINK_NOT_OPEN",
        "LINK_REVOKED",
        "LINK_EXPIRED",
        "NOT_VERIFIED",
        "PAYMENT_METHOD_REQUIRED",
        "OPERATION_EXISTS",
      ],
    },
    access: "widget",
    answer: (request) => {
      const { linkId } = request;
      const body = checkedInput<ConfirmOperationBody>(request.body, { validate, rules: amountProblems });
      const { amount } = body;
      const warnings = withWarnings(unknownFields(body, { amount: true }));
      const { source, destination } = amount.currency;
      const payload = { linkId, send: String(amount.send), currency: { source, destination } };
      const step: WidgetStep = {
        command: async (stamp) => ({ ...stamp, type: "ConfirmOperation", values: {}, payload }),
        reply: (answer) =>
          success(201, { ...operationView(answerOf(answer, "operation_created").operation), ...warnings }),
      };
      return writeStep(request, step, dependencies);
    },
  };
}

const MOST = 999_999_999_999.99;

/** J3: an amount is exact from here on. A number that JSON cannot carry exactly, or that no money has, is refused. */
function amountProblems(body: Readonly<Record<string, unknown>>): readonly Problem[] {
  const { amount } = body;
  const send: unknown = typeof amount === "object" && amount !== null && "send" in amount ? amount.send : null;
  if (typeof send !== "number" || (isDecimal(String(send), 2) && send <= MOST)) return [];
  const message = "The amount.send field must be more than 0 and at most 999999999999.99, with at most 2 decimals";
  return [{ path: "amount.send", code: "out_of_range", message }];
}
