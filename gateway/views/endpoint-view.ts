import type { WebhookEndpoint } from "../../storage/configuration/webhook-endpoints.ts";

/** A webhook endpoint as its partner sees it, and how it has been doing; its secret is shown once, when it is made. */
export function endpointView(endpoint: WebhookEndpoint) {
  const { endpointId, url, events, description, status, disabledReason, schedule, rateLimit, strictOrder } = endpoint;
  const { failingSince, failedDeliveries, lastSuccessAt, lane, createdAt, updatedAt } = endpoint;
  return {
    ...{ endpointId, url, events, description, status, disabledReason, schedule, rateLimit, strictOrder },
    ...{ failingSince, failedDeliveries, lastSuccessAt, lane, createdAt, updatedAt },
  };
}
