import type { RotateSecretBody } from "../../../schemas/generated.ts";
import { rotateEndpointSecret } from "../../../storage/configuration/webhook-endpoint-changes.ts";
import { DEFAULT_OVERLAP_HOURS } from "../../../storage/configuration/webhook-secrets.ts";
import { checkedInput, unknownFields, withWarnings } from "../../check-input.ts";
import { success } from "../../reply.ts";
import { notFound } from "../../request-refused.ts";
import type { PartnerRoute } from "../../route.ts";
import type { RouteDependencies } from "../../route-dependencies.ts";

/** POST /partner/webhook-endpoints/{endpointId}/rotate-secret: the new secret is shown only here; the old ones sign on for a while. */
export function rotateEndpointSecretRoute(dependencies: RouteDependencies): PartnerRoute {
  const { configureOwn, sealing } = dependencies;
  const validate = dependencies.validate("http/rotate-secret");
  return {
    method: "POST",
    path: "/partner/webhook-endpoints/:endpointId/rotate-secret",
    name: "/partner/webhook-endpoints/{endpointId}/rotate-secret",
    describe: {
      summary: "Give a webhook endpoint a new secret",
      body: "http/rotate-secret",
      answer: "http/answers/secret-rotated",
      status: 201,
      errors: ["INVALID_REQUEST", "RESOURCE_NOT_FOUND", "IDEMPOTENCY_KEY_REUSED"],
    },
    access: "partner",
    permission: "webhooks:write",
    limit: "requests",
    answer: (request) => {
      const body = checkedInput<RotateSecretBody>(request.body, { validate });
      const { overlapHours = DEFAULT_OVERLAP_HOURS } = body;
      const key = { scope: request.caller, endpointId: request.params["endpointId"] ?? "" };
      return configureOwn(request, async (unit, now) => {
        const made = await rotateEndpointSecret(unit, key, { sealing, now, overlapHours });
        if (made === null) throw notFound();
        return success(201, { ...made, ...withWarnings(unknownFields(body, { overlapHours: true })) });
      });
    },
  };
}
