import type { EntityManager } from "@mikro-orm/postgresql";
import { TEST_EVENT_TYPE } from "../../domain/webhook/catalogue.ts";
import { webhookBody } from "../../domain/webhook/payloads.ts";
import { endpointTarget, type Target, targetsOf } from "../../domain/webhook/targets.ts";
import { newId } from "../../runtime/ids.ts";
import { loadAudiences } from "../audiences.ts";
import type { DeliveryCause } from "../entities/webhook-delivery.ts";
import { insertDeliveries, type NewDelivery } from "../insert-deliveries.ts";
import type { PastEvent } from "../queries/past-events.ts";
import type { Scope } from "../scope.ts";
import type { WebhookEndpoint } from "./webhook-endpoints.ts";

/** A delivery that was made on request. */
export type MadeDelivery = Pick<NewDelivery, "deliveryId" | "eventId" | "receiver" | "url">;

/** Who asks for events again, and for whom. */
export interface Redelivery {
  readonly scope: Scope;
  /** Only to this endpoint; null: to everyone who receives the event now. */
  readonly endpointId: string | null;
  readonly cause: DeliveryCause;
  readonly replayId: string;
  readonly now: string;
}

/**
 * Makes deliveries of events that happened before, inside a transaction, and gives them: to those who would receive
 * them now (H5), under the events' own ids and with the very same bodies. None for an event that nobody would receive.
 */
export async function redeliver(
  unit: EntityManager,
  events: readonly PastEvent[],
  { scope, endpointId, cause, replayId, now }: Redelivery,
): Promise<readonly MadeDelivery[]> {
  const { partner, environment } = scope;
  const world = { partner, environment };
  const audienceOf = await loadAudiences(
    unit,
    events.map(({ linkId }) => ({ ...world, linkId })),
  );
  const deliveries = events.flatMap((event) =>
    targetsOf(event, audienceOf({ ...world, linkId: event.linkId }), world)
      .filter(({ receiver }) => endpointId === null || (receiver.kind === "endpoint" && receiver.id === endpointId))
      .map((target) => deliveryOf(event, target, { ...world, cause, replayId, now })),
  );
  await insertDeliveries(unit, deliveries);
  return deliveries;
}

/** Sends a test event to one endpoint, inside a transaction; it is delivered as every event is. */
export async function sendTestEvent(
  unit: EntityManager,
  { partner, environment }: Scope,
  { endpoint, now }: { readonly endpoint: WebhookEndpoint; readonly now: string },
): Promise<MadeDelivery> {
  const { endpointId, url, events, status, strictOrder: isStrict, rateLimit } = endpoint;
  const event = {
    ...{ eventId: newId("evt", partner), type: TEST_EVENT_TYPE, at: now, sequence: 0, userVersion: 0 },
    ...{ userId: null, referenceId: null, linkId: null },
    data: { endpointId, message: "A test of this endpoint; it is about no user" },
  };
  const target = endpointTarget({ endpointId, url, events, isPaused: status === "paused", isStrict, rateLimit });
  const delivery = deliveryOf(event, target, { partner, environment, cause: "test", replayId: null, now });
  await insertDeliveries(unit, [delivery]);
  return delivery;
}

type DeliverableEvent = Omit<PastEvent, "userId" | "referenceId"> & Pick<NewDelivery, "userId" | "referenceId">;

type DeliveryFacts = Pick<NewDelivery, "partner" | "environment" | "cause" | "replayId"> & { readonly now: string };

function deliveryOf(event: DeliverableEvent, target: Target, { now, ...facts }: DeliveryFacts): NewDelivery {
  const { eventId, type: eventType, sequence, userId, referenceId, linkId } = event;
  return {
    ...target,
    ...facts,
    deliveryId: newId("dlv", facts.partner),
    ...{ eventId, eventType, sequence, userId, referenceId, linkId },
    body: webhookBody(event),
    traceparent: null,
    atMs: Date.parse(now),
  };
}
