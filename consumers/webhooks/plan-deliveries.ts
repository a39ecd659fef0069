import { laneOf } from "../../domain/webhook/lanes.ts";
import { webhookBody } from "../../domain/webhook/payloads.ts";
import { type Audience, type Receiver, receiversOf } from "../../domain/webhook/subscriptions.ts";
import type { NewId } from "../../runtime/ids.ts";
import { traceparentOf } from "../../runtime/trace.ts";
import type { EndpointTarget, NewDelivery } from "../../storage/delivery-store-arrivals.ts";
import type { ArrivedUserEvent } from "./decode-events.ts";

/** The deliveries that an event leads to: one for each receiver (H5), all with the same body. */
export function planDeliveries(
  { event, linkId, message }: ArrivedUserEvent,
  audience: Audience<EndpointTarget>,
  { nowMs, newId }: { readonly nowMs: number; readonly newId: NewId },
): readonly NewDelivery[] {
  const receivers = receiversOf({ type: event.type, linkId }, audience);
  if (receivers.length === 0) return [];
  const { eventId, type: eventType, partner, environment, sequence, userId, referenceId } = event;
  const traceparent = traceparentOf(message.headers);
  const body = webhookBody({ ...event, data: { ...event.data } });
  return receivers.map((receiver) => ({
    ...targetOf(receiver, { partner, environment }),
    deliveryId: newId("dlv", partner),
    ...{ eventId, eventType, partner, environment, sequence, userId, referenceId, linkId, traceparent, body },
    atMs: nowMs,
  }));
}

function targetOf(
  receiver: Receiver<EndpointTarget>,
  scope: Pick<NewDelivery, "partner" | "environment">,
): Pick<NewDelivery, "receiver" | "url" | "lane"> {
  if (receiver.kind === "endpoint") {
    const { endpointId, url } = receiver.endpoint;
    return { receiver: { kind: "endpoint", id: endpointId }, url, lane: laneOf({ kind: "endpoint", endpointId }) };
  }
  const { linkId, url } = receiver;
  return { receiver: { kind: "link", id: linkId }, url, lane: laneOf({ kind: "link", ...scope, url }) };
}
