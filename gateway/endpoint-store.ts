import type { EntityManager } from "@mikro-orm/postgresql";
import type { Clock } from "../runtime/clock.ts";
import type { Claimed, IdempotencyKey, IdempotencyRecords } from "../storage/configuration/idempotency.ts";
import {
  type CreatedEndpoint,
  createEndpoint,
  listEndpoints,
  type NewEndpoint,
  type WebhookEndpoint,
} from "../storage/configuration/webhook-endpoints.ts";
import type { Scope } from "../storage/scope.ts";
import type { Sealing } from "../storage/sealing.ts";
import { isoTime } from "./iso-time.ts";
import type { Reply } from "./reply.ts";

export interface EndpointStoreDependencies {
  readonly em: () => EntityManager;
  readonly sealing: Sealing;
  readonly idempotency: Pick<IdempotencyRecords, "claim" | "complete">;
  readonly clock: Clock;
}

/** One request to add an endpoint. */
export interface EndpointWrite {
  readonly scope: Scope;
  readonly endpoint: NewEndpoint;
  /** Null when the request has no Idempotency-Key. */
  readonly key: (IdempotencyKey & { readonly bodyHash: string }) | null;
  readonly reply: (created: CreatedEndpoint) => Reply;
}

export type EndpointWritten =
  | { readonly kind: "replied"; readonly reply: Reply }
  | Extract<Claimed, { readonly kind: "answered" | "reused" }>;

/** The partners' webhook endpoints: configuration, written straight to Postgres. */
export interface EndpointStore {
  readonly list: (scope: Scope) => Promise<readonly WebhookEndpoint[]>;
  /**
   * Adds an endpoint. The record of its Idempotency-Key, the endpoint and the remembered answer are one transaction, so
   * that a repeat at any moment finds all of it or nothing; one that comes meanwhile waits for it.
   */
  readonly add: (write: EndpointWrite) => Promise<EndpointWritten>;
}

/** The store over Postgres; secrets are sealed there. */
export function createEndpointStore({ em, sealing, idempotency, clock }: EndpointStoreDependencies): EndpointStore {
  return {
    list: (scope) => listEndpoints(em(), scope),
    add: ({ scope, endpoint, key, reply }) =>
      em().transactional(async (unit) => {
        const now = isoTime(clock);
        const claimed = key === null ? null : await idempotency.claim(unit, { ...key, commandId: null, now });
        if (claimed?.kind === "answered" || claimed?.kind === "reused") return claimed;
        const replied = reply(await createEndpoint(unit, { scope, endpoint }, { sealing, now }));
        if (key !== null) await idempotency.complete(unit, key, { status: replied.status, response: replied.body });
        return { kind: "replied", reply: replied };
      }),
  };
}
