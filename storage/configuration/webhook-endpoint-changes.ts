import { type EntityManager, LockMode } from "@mikro-orm/postgresql";
import { WebhookEndpointEntity } from "../entities/webhook-endpoint.ts";
import type { Scope } from "../scope.ts";
import type { Sealing } from "../sealing.ts";
import { countChanged } from "../sql.ts";
import { type NewEndpoint, own, toEndpoint, type WebhookEndpoint } from "./webhook-endpoints.ts";
import { newSecret, rotated, type SecretRotated } from "./webhook-secrets.ts";

/** One of a partner's endpoints. */
export interface EndpointKey {
  readonly scope: Scope;
  readonly endpointId: string;
}

/** What a partner may change; what is left out stays. A status of `enabled` also ends a pause or a disabling. */
export type EndpointChanges = Partial<NewEndpoint & { readonly status: "enabled" | "paused" }>;

/**
 * Changes an endpoint, inside a transaction; null when it is another partner's, deleted or unknown. The url must have
 * been checked. Pausing parks what waits, enabling lets what is parked go on; a streak of failures begins anew.
 */
export async function changeEndpoint(
  unit: EntityManager,
  { scope, endpointId }: EndpointKey,
  { changes, now }: { readonly changes: EndpointChanges; readonly now: string },
): Promise<WebhookEndpoint | null> {
  const row = await lockEndpoint(unit, { scope, endpointId });
  if (row === null) return null;
  const before = row.status;
  unit.assign(row, { ...changes, updatedAt: new Date(now) });
  if (changes.status !== undefined && changes.status !== before) {
    unit.assign(row, {
      disabledReason: null,
      disabledAt: null,
      failingSince: null,
      failedDeliveries: 0,
      warnedPercent: 0,
    });
    await unit.flush();
    await countChanged(unit, changes.status === "paused" ? PARK : RELEASE, [endpointId, now]);
  }
  await unit.flush();
  return toEndpoint(row);
}

/** Deletes an endpoint, inside a transaction; false when there is none. What waits for it ends as `receiver_removed`. */
export async function removeEndpoint(unit: EntityManager, key: EndpointKey, now: string): Promise<boolean> {
  const row = await lockEndpoint(unit, key);
  if (row === null) return false;
  unit.assign(row, { deletedAt: new Date(now), updatedAt: new Date(now) });
  await unit.flush();
  await countChanged(unit, RELEASE, [key.endpointId, now]);
  return true;
}

/** Gives an endpoint a new secret, inside a transaction; null when there is no such endpoint. */
export async function rotateEndpointSecret(
  unit: EntityManager,
  { scope, endpointId }: EndpointKey,
  moment: { readonly sealing: Sealing; readonly now: string; readonly overlapHours: number },
): Promise<SecretRotated | null> {
  const row = await lockEndpoint(unit, { scope, endpointId });
  if (row === null) return null;
  const secret = newSecret();
  const { sealedSecrets, previousExpiresAt } = rotated(row.sealedSecrets, secret, moment);
  unit.assign(row, { sealedSecrets, updatedAt: new Date(moment.now) });
  await unit.flush();
  return { secret, createdAt: moment.now, previousExpiresAt };
}

function lockEndpoint(unit: EntityManager, { scope, endpointId }: EndpointKey) {
  const where = { ...own(scope), endpointId, deletedAt: null };
  return unit.findOne(WebhookEndpointEntity, where, { lockMode: LockMode.PESSIMISTIC_WRITE });
}

const PARK = `
  update webhook_deliveries set status = 'parked', parked_at = $2 where endpoint_id = $1 and status = 'pending'`;

/** Due at once, or when the schedule says so; the worker's limits pace them. */
const RELEASE = `
  update webhook_deliveries set status = 'pending', parked_at = null, due_at = greatest(due_at, $2::timestamptz)
  where endpoint_id = $1 and status = 'parked'`;
