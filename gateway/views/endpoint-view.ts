import type { WebhookEndpoint } from "../../storage/configuration/webhook-endpoints.ts";

/** A webhook endpoint as its partner sees it; its secret is shown once, when it is made. */
export function endpointView(endpoint: WebhookEndpoint) {
  const { endpointId, url, events, description, status, disabledReason, schedule, rateLimit } = endpoint;
  const { createdAt, updatedAt } = endpoint;
  return {
    ...{ endpointId, url, events, description, status, disabledReason, schedule, rateLimit },
    ...{ createdAt, updatedAt },
  };
}
