import type { ResolveOperationBody } from "../../../schemas/generated.ts";
import { answerOf } from "../../answer-of.ts";
import { checkedInput, unknownFields, withWarnings } from "../../check-input.ts";
import { type OperatorStep, writeDecision } from "../../operator-step.ts";
import { success } from "../../reply.ts";
import { notFound } from "../../request-refused.ts";
import type { AdminRoute } from "../../route.ts";
import type { RouteDependencies } from "../../route-dependencies.ts";
import { operationView } from "../../views/operation-view.ts";

/** POST /admin/operations/{operationId}/resolve: how a transfer ended of which the payment system says nothing (J6). */
export function resolveOperationRoute(dependencies: RouteDependencies): AdminRoute {
  const { reads } = dependencies;
  const validate = dependencies.validate("http/admin/resolve-operation");
  return {
    method: "POST",
    path: "/admin/operations/:operationId/resolve",
    name: "/admin/operations/{operationId}/resolve",
    describe: {
      summary: "Say how a transfer ended",
      body: "http/admin/resolve-operation",
      answer: "http/answers/operation",
      status: 200,
      isCommand: true,
      errors: ["INVALID_REQUEST", "RESOURCE_NOT_FOUND", "OPERATION_NOT_RESOLVABLE"],
    },
    access: "admin",
    answer: async (request) => {
      const body = checkedInput<ResolveOperationBody>(request.body, { validate });
      const operationId = request.params["operationId"] ?? "";
      const address = (await reads.addressesOfOperations([operationId])).get(operationId);
      if (address === undefined) throw notFound();
      const { status, reason } = body;
      const warnings = withWarnings(unknownFields(body, { status: true, reason: true }));
      const payload = { operationId, status, reason };
      const step: OperatorStep = {
        address,
        command: async (stamp) => ({ ...stamp, type: "ResolveOperation", values: {}, payload }),
        reply: (answer) => {
          const { operation } = answerOf(answer, "operation_resolved");
          return success(200, { ...operationView(operation), ...warnings });
        },
      };
      return writeDecision(request, step, dependencies);
    },
  };
}
