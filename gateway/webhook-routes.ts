import type { PartnerRoute } from "./route.ts";
import type { RouteDependencies } from "./route-dependencies.ts";
import { createWebhookEndpointRoute } from "./routes/create-webhook-endpoint.ts";
import { getEventRoute } from "./routes/get-event.ts";
import { listEventsRoute } from "./routes/list-events.ts";
import { listWebhookDeliveriesRoute } from "./routes/list-webhook-deliveries.ts";
import { listWebhookEndpointsRoute } from "./routes/list-webhook-endpoints.ts";
import { changeEndpointRoute } from "./routes/webhooks/change-endpoint.ts";
import { createReplayRoute } from "./routes/webhooks/create-replay.ts";
import { getEndpointRoute } from "./routes/webhooks/get-endpoint.ts";
import { getReplayRoute } from "./routes/webhooks/get-replay.ts";
import { getSecretRoute } from "./routes/webhooks/get-secret.ts";
import { listReplaysRoute } from "./routes/webhooks/list-replays.ts";
import { moveReplayRoutes } from "./routes/webhooks/move-replay.ts";
import { recoverEndpointRoute } from "./routes/webhooks/recover-endpoint.ts";
import { removeEndpointRoute } from "./routes/webhooks/remove-endpoint.ts";
import { resendEventRoute } from "./routes/webhooks/resend-event.ts";
import { rotateEndpointSecretRoute } from "./routes/webhooks/rotate-endpoint-secret.ts";
import { rotateSecretRoute } from "./routes/webhooks/rotate-secret.ts";
import { testEndpointRoute } from "./routes/webhooks/test-endpoint.ts";

/** Webhook management: endpoints and their secrets, events, deliveries, replays. */
export function createWebhookRoutes(dependencies: RouteDependencies): readonly PartnerRoute[] {
  return [
    createWebhookEndpointRoute(dependencies),
    listWebhookEndpointsRoute(dependencies),
    getEndpointRoute(dependencies),
    changeEndpointRoute(dependencies),
    removeEndpointRoute(dependencies),
    rotateEndpointSecretRoute(dependencies),
    testEndpointRoute(dependencies),
    recoverEndpointRoute(dependencies),
    getSecretRoute(dependencies),
    rotateSecretRoute(dependencies),
    listEventsRoute(dependencies),
    getEventRoute(dependencies),
    resendEventRoute(dependencies),
    listWebhookDeliveriesRoute(dependencies),
    createReplayRoute(dependencies),
    listReplaysRoute(dependencies),
    getReplayRoute(dependencies),
    ...moveReplayRoutes(dependencies),
  ];
}
