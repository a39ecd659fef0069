import { isLinkEvent, isWebhookEvent } from "./catalogue.ts";

const ANY_LINK = "";

/** What an endpoint asked for; null means every event. */
export interface Subscription {
  readonly events: readonly string[] | null;
}

/** Who could hear of an event: the partner's endpoints of this environment that are not disabled, and the event's link. */
export interface Audience<Endpoint extends Subscription> {
  readonly endpoints: readonly Endpoint[];
  /** The callbackUrl of the link that the event names; null when it names none or the link has none. */
  readonly callbackUrl: string | null;
}

/** The part of an event that decides who receives it. */
export interface AddressedEvent {
  readonly type: string;
  /** The link that the event names in its data, if any. */
  readonly linkId: string | null;
}

/** One who receives an event. */
export type Receiver<Endpoint extends Subscription> =
  | { readonly kind: "endpoint"; readonly endpoint: Endpoint }
  | { readonly kind: "link"; readonly linkId: string; readonly url: string };

/**
 * Everyone who receives an event (H5): a link's own events go to its callbackUrl instead of the endpoints; all others,
 * and those of a link without one, go to each endpoint that subscribed to their type. Empty when nobody does, and for
 * types that are no webhooks.
 */
export function receiversOf<Endpoint extends Subscription>(
  event: AddressedEvent,
  { endpoints, callbackUrl }: Audience<Endpoint>,
): readonly Receiver<Endpoint>[] {
  const { type, linkId } = event;
  if (!isWebhookEvent(type)) return [];
  if (isLinkEvent(type) && linkId !== null && callbackUrl !== null) return [{ kind: "link", linkId, url: callbackUrl }];
  return endpoints
    .filter(({ events }) => events === null || events.includes(type))
    .map((endpoint) => ({ kind: "endpoint", endpoint }));
}

/**
 * Whether anyone would receive an event of this type (S2, D10): of a link with this callbackUrl when it is a link's
 * event. True exactly when `receiversOf` is not empty for such an event.
 */
export function wouldReceive(eventType: string, audience: Audience<Subscription>): boolean {
  return receiversOf({ type: eventType, linkId: ANY_LINK }, audience).length > 0;
}
