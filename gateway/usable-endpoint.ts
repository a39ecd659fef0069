import type { EntityManager } from "@mikro-orm/postgresql";
import { findEndpoint, type WebhookEndpoint } from "../storage/configuration/webhook-endpoints.ts";
import type { Scope } from "../storage/scope.ts";
import { notFound, RequestRefused } from "./request-refused.ts";

/** A partner's endpoint to which something can be sent. Refuses with RESOURCE_NOT_FOUND or ENDPOINT_DISABLED. */
export async function usableEndpoint(unit: EntityManager, scope: Scope, endpointId = ""): Promise<WebhookEndpoint> {
  return enabled(await findEndpoint(unit, scope, endpointId), notFound);
}

/** The same for an endpoint that the body names: an unknown one is INVALID_REQUEST for `endpointId`. */
export async function namedEndpoint(unit: EntityManager, scope: Scope, endpointId: string): Promise<WebhookEndpoint> {
  return enabled(await findEndpoint(unit, scope, endpointId), unknownEndpoint);
}

function enabled(endpoint: WebhookEndpoint | null, unknown: () => RequestRefused): WebhookEndpoint {
  if (endpoint === null) throw unknown();
  if (endpoint.status === "disabled") throw new RequestRefused("ENDPOINT_DISABLED");
  return endpoint;
}

/** The refusal of a body that names an endpoint which is not the partner's. */
export function unknownEndpoint(): RequestRefused {
  const message = "The endpointId field names no webhook endpoint of yours";
  const details = [{ path: "endpointId", code: "unknown_endpoint", message }];
  return new RequestRefused("INVALID_REQUEST", { message, facts: { details } });
}
