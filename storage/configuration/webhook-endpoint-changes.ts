import { type EntityManager, LockMode } from "@mikro-orm/postgresql";
import { laneOf } from "../../domain/webhook/lanes.ts";
import { tellDue } from "../due-hints.ts";
import { WebhookEndpointEntity } from "../entities/webhook-endpoint.ts";
import type { Scope } from "../scope.ts";
import type { Sealing } from "../sealing.ts";
import { countChanged } from "../sql.ts";
import { findEndpoint, type NewEndpoint, own, type WebhookEndpoint } from "./webhook-endpoints.ts";
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
 * been checked. Pausing parks what waits, enabling lets what is parked go on step by step; a streak of failures begins anew.
 */
export async function changeEndpoint(
  unit: EntityManager,
  { scope, endpointId }: EndpointKey,
  { changes, now }: { readonly changes: EndpointChanges; readonly now: string },
): Promise<WebhookEndpoint | null> {
  const row = await lockEndpoint(unit, { scope, endpointId });
  if (row === null) return null;
  const { status: before, strictOrder: wasStrict } = row;
  const lane = laneOf({ kind: "endpoint", endpointId });
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
    await countChanged(unit, changes.status === "paused" ? PARK : RECOVER, [lane, now]);
    await tellDue(unit);
  }
  if (changes.strictOrder !== undefined && changes.strictOrder !== wasStrict) {
    await countChanged(unit, REORDER, [lane, changes.strictOrder]);
  }
  await unit.flush();
  return findEndpoint(unit, scope, endpointId);
}

/** Deletes an endpoint, inside a transaction; false when there is none. What waits for it ends as `receiver_removed`. */
export async function removeEndpoint(unit: EntityManager, key: EndpointKey, now: string): Promise<boolean> {
  const row = await lockEndpoint(unit, key);
  if (row === null) return false;
  unit.assign(row, { deletedAt: new Date(now), updatedAt: new Date(now) });
  await unit.flush();
  await countChanged(unit, RECOVER, [laneOf({ kind: "endpoint", endpointId: key.endpointId }), now]);
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
  update webhook_deliveries set status = 'parked', parked_at = $2 where lane = $1 and status = 'pending'`;

/** The lane recovers: the webhooks consumer lets go step by step what is parked. */
const RECOVER = `
  insert into webhook_lanes (lane, state, since, next_at) values ($1, 'recovering', $2, $2)
  on conflict (lane) do update set state = 'recovering', since = $2, next_at = $2, failed_probes = 0, release_step = 0`;

/** What waits goes by what its endpoint wishes now. */
const REORDER = `
  update webhook_deliveries set is_strict = $2 and user_id is not null
  where lane = $1 and status in ('pending', 'delivering', 'parked')`;
