import type { RotateSecretBody } from "../../../schemas/generated.ts";
import { DEFAULT_OVERLAP_HOURS, rotateWebhookSecret } from "../../../storage/configuration/webhook-secrets.ts";
import { checkedInput, unknownFields, withWarnings } from "../../check-input.ts";
import { success } from "../../reply.ts";
import type { PartnerRoute } from "../../route.ts";
import type { RouteDependencies } from "../../route-dependencies.ts";

/** POST /partner/webhook-secret/rotate: a new secret for the callbackUrls of this partner's links; the old ones sign on for a while. */
export function rotateSecretRoute(dependencies: RouteDependencies): PartnerRoute {
  const { configureOwn, sealing } = dependencies;
  const validate = dependencies.validate("http/rotate-secret");
  return {
    method: "POST",
    path: "/partner/webhook-secret/rotate",
    name: "/partner/webhook-secret/rotate",
    describe: {
      summary: "Make a new secret for deliveries to callbackUrls",
      body: "http/rotate-secret",
      answer: "http/answers/secret-rotated",
      status: 201,
      errors: ["INVALID_REQUEST", "IDEMPOTENCY_KEY_REUSED"],
    },
    access: "partner",
    permission: "webhooks:write",
    limit: "requests",
    answer: (request) => {
      const body = checkedInput<RotateSecretBody>(request.body, { validate });
      const { overlapHours = DEFAULT_OVERLAP_HOURS } = body;
      return configureOwn(request, async (unit, now) => {
        const made = await rotateWebhookSecret(unit, request.caller, { sealing, now, overlapHours });
        return success(201, { ...made, ...withWarnings(unknownFields(body, { overlapHours: true })) });
      });
    },
  };
}
