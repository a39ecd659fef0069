import { webhookBody } from "../../domain/webhook/payloads.ts";
import type { Audience } from "../../domain/webhook/subscriptions.ts";
import { type EndpointTarget, targetsOf } from "../../domain/webhook/targets.ts";
import type { NewId } from "../../runtime/ids.ts";
import { traceparentOf } from "../../runtime/trace.ts";
import type { NewDelivery } from "../../storage/insert-deliveries.ts";
import type { ArrivedUserEvent } from "./decode-events.ts";

/** The deliveries that an event leads to: one for each receiver (H5), all with the same body. */
export function planDeliveries(
  { event, linkId, message }: ArrivedUserEvent,
  audience: Audience<EndpointTarget>,
  { nowMs, newId }: { readonly nowMs: number; readonly newId: NewId },
): readonly NewDelivery[] {
  const { eventId, type: eventType, partner, environment, sequence, userId, referenceId } = event;
  const targets = targetsOf({ type: eventType, linkId }, audience, { partner, environment });
  if (targets.length === 0) return [];
  const traceparent = traceparentOf(message.headers);
  const body = webhookBody({ ...event, data: { ...event.data } });
  return targets.map((target) => ({
    ...target,
    deliveryId: newId("dlv", partner),
    ...{ eventId, eventType, partner, environment, sequence, userId, referenceId, linkId, traceparent, body },
    ...{ cause: "event", replayId: null, atMs: nowMs },
  }));
}
