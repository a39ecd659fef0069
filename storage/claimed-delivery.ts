import type { Environment } from "../domain/user/user.ts";
import type { SlotClass } from "../domain/webhook/slots.ts";
import type { SealedSecret } from "./entities/webhook-endpoint.ts";

/** A delivery that this worker alone may attempt until its lease ends, with what the attempt needs. */
export interface ClaimedDelivery extends Wishes {
  readonly deliveryId: string;
  /** Names the claim: a result is only written while it is the newest. */
  readonly fence: number;
  /** Which attempt this is, from 1. */
  readonly number: number;
  readonly lane: string;
  readonly slotClass: SlotClass;
  readonly partner: string;
  readonly environment: Environment;
  readonly eventId: string;
  readonly eventType: string;
  readonly url: string;
  readonly body: string;
  /** The event's place among those of its user, from 1; 0 of an event that is about no user. */
  readonly sequence: number;
  readonly traceparent: string | null;
  /** When its event became a delivery, epoch milliseconds. */
  readonly acceptedAtMs: number;
  /** It was claimed before, and nobody wrote down what came of it: its receiver may have had it already. */
  readonly isTakenOver: boolean;
  /** Others of the same user wait behind this one. */
  readonly isStrict: boolean;
}

/** What its receiver wishes, as of the claim. */
export interface Wishes {
  /** The endpoint that it goes to was deleted since. */
  readonly isReceiverRemoved: boolean;
  /** The endpoint's delays after each failure; null means the documented ones. */
  readonly delaysMs: readonly number[] | null;
  /** The endpoint's limit of attempts per second; null: none. */
  readonly rateLimit: number | null;
  /** The endpoint's secrets, or the partner's for a callbackUrl; newest first. */
  readonly sealedSecrets: readonly SealedSecret[];
}

/** Joins whose wishes count for the rows of `taken`. */
export const WISHES = `
  left join webhook_endpoints as endpoint on endpoint.endpoint_id = taken.endpoint_id
  left join webhook_secrets as secret on taken.endpoint_id is null
    and secret.partner = taken.partner and secret.environment = taken.environment`;

/** The columns of a WishesRow, behind such a join. */
export const WISHES_COLUMNS = `
  endpoint.schedule, endpoint.rate_limit,
  taken.endpoint_id is not null and (endpoint.endpoint_id is null or endpoint.deleted_at is not null) as is_removed,
  coalesce(endpoint.sealed_secrets, secret.sealed_secrets) as sealed_secrets`;

/** The columns of a ClaimedRow: of the delivery as `claimed`, and as it was before as `taken`. */
export const CLAIMED_COLUMNS = `
  claimed.delivery_id, claimed.fence, claimed.attempts, claimed.lane, claimed.slot_class, claimed.partner,
  claimed.environment, claimed.event_id, claimed.event_type, claimed.url, claimed.body, claimed.sequence,
  claimed.traceparent,
  claimed.created_at, claimed.is_strict, taken.lease_until is not null as is_taken_over, ${WISHES_COLUMNS}`;

/** What a receiver wishes, as a row. */
export interface WishesRow {
  readonly schedule: readonly number[] | null;
  readonly rate_limit: number | null;
  readonly is_removed: boolean;
  readonly sealed_secrets: readonly SealedSecret[] | null;
}

/** A claimed delivery, as a row. */
export interface ClaimedRow extends WishesRow {
  readonly delivery_id: string;
  readonly fence: number;
  readonly attempts: number;
  readonly lane: string;
  readonly slot_class: SlotClass;
  readonly partner: string;
  readonly environment: Environment;
  readonly event_id: string;
  readonly event_type: string;
  readonly url: string;
  readonly body: string;
  readonly sequence: number;
  readonly traceparent: string | null;
  readonly created_at: Date;
  readonly is_taken_over: boolean;
  readonly is_strict: boolean;
}

/** Reads a row. */
export function toClaimed(row: ClaimedRow): ClaimedDelivery {
  return {
    deliveryId: row.delivery_id,
    fence: row.fence,
    number: row.attempts + 1,
    lane: row.lane,
    slotClass: row.slot_class,
    partner: row.partner,
    environment: row.environment,
    eventId: row.event_id,
    eventType: row.event_type,
    url: row.url,
    body: row.body,
    sequence: row.sequence,
    traceparent: row.traceparent,
    acceptedAtMs: new Date(row.created_at).getTime(),
    isTakenOver: row.is_taken_over,
    isStrict: row.is_strict,
    ...toWishes(row),
  };
}

/** Reads the wishes of a row. */
export function toWishes(row: WishesRow): Wishes {
  return {
    isReceiverRemoved: row.is_removed,
    delaysMs: row.schedule,
    rateLimit: row.rate_limit,
    sealedSecrets: row.sealed_secrets ?? [],
  };
}
