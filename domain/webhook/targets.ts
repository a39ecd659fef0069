import type { Environment } from "../user/user.ts";
import { laneOf } from "./lanes.ts";
import { type AddressedEvent, type Audience, receiversOf, type Subscription } from "./subscriptions.ts";

/** An endpoint that could receive an event. */
export interface EndpointTarget extends Subscription {
  readonly endpointId: string;
  readonly url: string;
  /** Its partner has paused it: what it would receive gathers and waits. */
  readonly isPaused: boolean;
  /** One delivery of a user at a time, in the order of the events. */
  readonly isStrict: boolean;
  /** Attempts per second; null: no limit. */
  readonly rateLimit: number | null;
}

/** Where a delivery goes, and what its receiver wishes of the way. */
export interface Target {
  readonly receiver: { readonly kind: "endpoint" | "link"; readonly id: string };
  readonly url: string;
  readonly lane: string;
  readonly isPaused: boolean;
  readonly isStrict: boolean;
  readonly rateLimit: number | null;
}

/** Whose event it is; an endpoint belongs to one partner and environment. */
export interface EventWorld {
  readonly partner: string;
  readonly environment: Environment;
}

/** Everyone who receives an event (H5), each with the address and the lane that its deliveries take. */
export function targetsOf(
  event: AddressedEvent,
  audience: Audience<EndpointTarget>,
  world: EventWorld,
): readonly Target[] {
  return receiversOf(event, audience).map((receiver) => {
    if (receiver.kind === "endpoint") return endpointTarget(receiver.endpoint);
    const { linkId, url } = receiver;
    const { partner, environment } = world;
    const lane = laneOf({ kind: "link", partner, environment, url });
    return { receiver: { kind: "link", id: linkId }, url, lane, ...NO_WISHES };
  });
}

/** Where a delivery to one endpoint goes. */
export function endpointTarget({ endpointId, url, ...wishes }: EndpointTarget): Target {
  const lane = laneOf({ kind: "endpoint", endpointId });
  const { isPaused, isStrict, rateLimit } = wishes;
  return { receiver: { kind: "endpoint", id: endpointId }, url, lane, isPaused, isStrict, rateLimit };
}

const NO_WISHES = { isPaused: false, isStrict: false, rateLimit: null };
