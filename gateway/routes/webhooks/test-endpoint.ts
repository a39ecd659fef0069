import type { TestWebhookEndpointBody } from "../../../schemas/generated.ts";
import { sendTestEvent } from "../../../storage/configuration/redeliveries.ts";
import { checkedInput, unknownFields, withWarnings } from "../../check-input.ts";
import { success } from "../../reply.ts";
import type { PartnerRoute } from "../../route.ts";
import type { RouteDependencies } from "../../route-dependencies.ts";
import { usableEndpoint } from "../../usable-endpoint.ts";

/** POST /partner/webhook-endpoints/{endpointId}/test: a `webhook.test` event goes to this endpoint, delivered as every event is. */
export function testEndpointRoute(dependencies: RouteDependencies): PartnerRoute {
  const { configureOwn } = dependencies;
  const validate = dependencies.validate("http/test-webhook-endpoint");
  return {
    method: "POST",
    path: "/partner/webhook-endpoints/:endpointId/test",
    name: "/partner/webhook-endpoints/{endpointId}/test",
    describe: {
      summary: "Send a test event to a webhook endpoint",
      body: "http/test-webhook-endpoint",
      answer: "http/answers/test-event",
      status: 201,
      errors: ["INVALID_REQUEST", "RESOURCE_NOT_FOUND", "ENDPOINT_DISABLED", "IDEMPOTENCY_KEY_REUSED"],
    },
    access: "partner",
    permission: "webhooks:write",
    limit: "requests",
    answer: (request) => {
      const body = checkedInput<TestWebhookEndpointBody>(request.body, { validate });
      return configureOwn(request, async (unit, now) => {
        const endpoint = await usableEndpoint(unit, request.caller, request.params["endpointId"]);
        const { deliveryId, eventId } = await sendTestEvent(unit, request.caller, { endpoint, now });
        const { endpointId } = endpoint;
        return success(201, { endpointId, eventId, deliveryId, ...withWarnings(unknownFields(body, {})) });
      });
    },
  };
}
