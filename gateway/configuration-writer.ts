import type { EntityManager } from "@mikro-orm/postgresql";
import type { Clock } from "../runtime/clock.ts";
import type { IdempotencyRecords } from "../storage/configuration/idempotency.ts";
import type { Scope } from "../storage/scope.ts";
import { canonicalHash } from "./canonical-hash.ts";
import { idempotencyKeyOf, replayed } from "./command-writer.ts";
import { isoTime } from "./iso-time.ts";
import type { Reply } from "./reply.ts";
import { RequestRefused } from "./request-refused.ts";
import type { RouteRequest } from "./route.ts";

/** One change of configuration, inside its transaction, at a moment (ISO 8601). */
export type ConfigurationChange = (unit: EntityManager, now: string) => Promise<Reply>;

/**
 * Changes configuration. The record of the Idempotency-Key, the change and the remembered answer are one
 * transaction: a repeat finds all of it or nothing, and one that comes meanwhile waits for it. Whatever is thrown undoes
 * everything.
 */
export type WriteConfiguration<Request extends RouteRequest = RouteRequest> = (
  request: Request,
  change: ConfigurationChange,
) => Promise<Reply>;

export interface ConfigurationWriterDependencies {
  readonly em: () => EntityManager;
  readonly idempotency: Pick<IdempotencyRecords, "claim" | "complete">;
  readonly clock: Clock;
}

/** The keys of operators are nobody else's: no partner can call an admin path, which is part of the key. */
export const OPERATORS: Scope = { partner: "admin", environment: "live" };

/** Writes over Postgres; `ownerOf` says whose Idempotency-Keys a request's is one of. */
export function createConfigurationWriter<Request extends RouteRequest>(
  dependencies: ConfigurationWriterDependencies,
  ownerOf: (request: Request) => Scope,
): WriteConfiguration<Request> {
  const { em, idempotency, clock } = dependencies;
  return (request, change) =>
    em().transactional(async (unit) => {
      const now = isoTime(clock);
      const key = idempotencyKeyOf(request, ownerOf(request));
      if (key === null) return change(unit, now);
      const bodyHash = canonicalHash(request.body);
      const claimed = await idempotency.claim(unit, { ...key, bodyHash, commandId: null, now });
      if (claimed.kind === "reused") throw new RequestRefused("IDEMPOTENCY_KEY_REUSED");
      if (claimed.kind === "answered") return replayed(claimed);
      const reply = await change(unit, now);
      await idempotency.complete(unit, key, { status: reply.status, response: reply.body });
      return reply;
    });
}
