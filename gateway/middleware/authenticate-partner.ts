import { createHash } from "node:crypto";
import type { PartnerSettings } from "../../domain/partner.ts";
import type { Environment } from "../../domain/user/user.ts";
import { RequestRefused } from "../request-refused.ts";
import type { GatewayContext, Step } from "../state.ts";

/** A key as it is stored, with its partner. */
export interface KnownKey {
  readonly keyId: string;
  readonly partner: string;
  readonly environment: Environment;
  readonly permissions: readonly string[];
  readonly isSuspended: boolean;
  readonly name: string;
  readonly settings: PartnerSettings;
}

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
  const key = await findKey(createHash("sha256").update(sent).digest("hex"));
  if (key === null) throw new RequestRefused("INVALID_API_KEY");
  if (key.isSuspended) throw new RequestRefused("PARTNER_SUSPENDED");
  return key;
}

/** The token of an `Authorization: Bearer` header; empty when there is none. */
export function bearerToken(context: GatewayContext): string {
  return /^Bearer +(\S+) *$/i.exec(context.get("Authorization"))?.[1] ?? "";
}
