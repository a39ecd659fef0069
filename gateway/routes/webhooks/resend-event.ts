import { newId } from "../../../runtime/ids.ts";
import type { ResendEventBody } from "../../../schemas/generated.ts";
import { type MadeDelivery, redeliver } from "../../../storage/configuration/redeliveries.ts";
import { findEndpoint } from "../../../storage/configuration/webhook-endpoints.ts";
import { findPastEvent } from "../../../storage/queries/past-events.ts";
import { checkedInput, unknownFields, withWarnings } from "../../check-input.ts";
import { success } from "../../reply.ts";
import { notFound, RequestRefused } from "../../request-refused.ts";
import type { PartnerRoute } from "../../route.ts";
import type { RouteDependencies } from "../../route-dependencies.ts";
import { unknownEndpoint } from "../../usable-endpoint.ts";

/** POST /partner/events/{eventId}/resend: the event goes out again, under its own id, to those who would receive it now (D8, H6). */
export function resendEventRoute(dependencies: RouteDependencies): PartnerRoute {
  const { configureOwn } = dependencies;
  const validate = dependencies.validate("http/resend-event");
  return {
    method: "POST",
    path: "/partner/events/:eventId/resend",
    name: "/partner/events/{eventId}/resend",
    describe: {
      summary: "Send an event again",
      body: "http/resend-event",
      answer: "http/answers/event-resent",
      status: 201,
      errors: ["INVALID_REQUEST", "RESOURCE_NOT_FOUND", "NO_RECEIVER", "IDEMPOTENCY_KEY_REUSED"],
    },
    access: "partner",
    permission: "webhooks:write",
    limit: "requests",
    answer: (request) => {
      const body = checkedInput<ResendEventBody>(request.body, { validate });
      const { endpointId = null } = body;
      const { caller, params } = request;
      return configureOwn(request, async (unit, now) => {
        const event = await findPastEvent(unit, caller, params["eventId"] ?? "");
        if (event === null) throw notFound();
        if (endpointId !== null && (await findEndpoint(unit, caller, endpointId)) === null) throw unknownEndpoint();
        const replayId = newId("rpl", caller.partner);
        const made = await redeliver(unit, [event], { scope: caller, endpointId, cause: "resend", replayId, now });
        if (made.length === 0) throw new RequestRefused("NO_RECEIVER");
        const warnings = withWarnings(unknownFields(body, { endpointId: true }));
        return success(201, { eventId: event.eventId, replayId, deliveries: made.map(resentView), ...warnings });
      });
    },
  };
}

function resentView({ deliveryId, receiver, url }: MadeDelivery) {
  return { deliveryId, endpointId: receiver.kind === "endpoint" ? receiver.id : null, url };
}
