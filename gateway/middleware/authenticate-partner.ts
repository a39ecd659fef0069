import { hashOfKey, type KnownKey } from "../../storage/configuration/api-keys.ts";
import { RequestRefused } from "../request-refused.ts";
import type { GatewayContext, Step } from "../state.ts";

/** Finds a live key by the SHA-256 (hex) of its text; null when unknown or revoked. */
export type FindKey = (sha256: string) => Promise<KnownKey | null>;

const KEY = /^m2m_(test|live)_[A-Za-z0-9]{32}$/;

/**
 * Partner routes need a key, as X-API-Key or as Bearer token: none is 401 UNAUTHORIZED, an unknown or revoked one 401
 * INVALID_API_KEY, one of a suspended partner 403 PARTNER_SUSPENDED. Sets `state.caller`.
 */
export function authenticatePartner(findKey: FindKey): Step {
  return async (context, next) => {
    if (context.state.route?.access === "partner") context.state.caller = await callerOf(context, findKey);
    return next();
  };
}

async function callerOf(context: GatewayContext, findKey: FindKey) {
  const sent = context.get("X-API-Key") || bearerToken(context);
  if (sent === "") throw new RequestRefused("UNAUTHORIZED");
  if (!KEY.test(sent)) throw new RequestRefused("INVALID_API_KEY");
  const key = await findKey(hashOfKey(sent));
  if (key === null) throw new RequestRefused("INVALID_API_KEY");
  if (key.isSuspended) throw new RequestRefused("PARTNER_SUSPENDED");
  return key;
}

/** The token of an `Authorization: Bearer` header; empty when there is none. */
export function bearerToken(context: GatewayContext): string {
  return /^Bearer +(\S+) *$/i.exec(context.get("Authorization"))?.[1] ?? "";
}
