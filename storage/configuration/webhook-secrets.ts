import { randomBytes } from "node:crypto";
import type { EntityManager } from "@mikro-orm/postgresql";
import type { SealedSecret } from "../entities/webhook-endpoint.ts";
import type { Scope } from "../scope.ts";
import type { Sealing } from "../sealing.ts";
import { runSql } from "../sql.ts";

const SECRET_BYTES = 32;

/** For how long secrets sign on after a new one was made, unless the partner says otherwise. */
export const DEFAULT_OVERLAP_HOURS = 24;

/** A new signing secret: `whsec_` and the base64 of 32 random bytes. */
export function newSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString("base64")}`;
}

/** A secret in the form in which it is stored, signing until further notice. */
export function sealSecret(secret: string, { sealing, now }: { sealing: Sealing; now: string }): SealedSecret {
  return { sealed: sealing.seal(secret), createdAt: now, expiresAt: null };
}

/** The secrets that sign at this moment, newest first. @throws SealBroken under another server secret. */
export function liveSecrets(
  stored: readonly SealedSecret[],
  { sealing, now }: { sealing: Sealing; now: string },
): readonly string[] {
  return stored
    .filter(({ expiresAt }) => expiresAt === null || Date.parse(now) < Date.parse(expiresAt))
    .map(({ sealed }) => sealing.open(sealed));
}

/**
 * The secrets that sign deliveries to the callbackUrls of a partner's links, newest first; the first is made when it is
 * asked for the first time, once, however many ask.
 */
export async function webhookSecrets(
  em: EntityManager,
  scope: Scope,
  moment: { readonly sealing: Sealing; readonly now: string },
): Promise<readonly string[]> {
  const found = await storedSecrets(em, scope);
  if (found !== null) return liveSecrets(found, moment);
  await runSql(
    em,
    `insert into webhook_secrets (partner, environment, sealed_secrets, updated_at) values ($1, $2, $3, $4)
     on conflict do nothing`,
    [scope.partner, scope.environment, JSON.stringify([sealSecret(newSecret(), moment)]), moment.now],
  );
  return liveSecrets((await storedSecrets(em, scope)) ?? [], moment);
}

/** A new secret, shown once, and until when the ones before it sign too; null when they stopped at once. */
export interface SecretRotated {
  readonly secret: string;
  readonly createdAt: string;
  readonly previousExpiresAt: string | null;
}

/** So many secrets sign at a time: each adds a signature to every webhook. */
const MOST_LIVE = 10;
const HOUR_MS = 3_600_000;

/**
 * The stored secrets with a new one in front. Those before it sign for `overlapHours` more, or for as long as they
 * were going to; with 0 they stop at once. The oldest beyond ten are dropped.
 */
export function rotated(
  stored: readonly SealedSecret[],
  secret: string,
  { sealing, now, overlapHours }: { readonly sealing: Sealing; readonly now: string; readonly overlapHours: number },
): { readonly sealedSecrets: readonly SealedSecret[]; readonly previousExpiresAt: string | null } {
  const until = new Date(Date.parse(now) + overlapHours * HOUR_MS).toISOString();
  const older = stored
    .map((one) => ({ ...one, expiresAt: one.expiresAt !== null && one.expiresAt < until ? one.expiresAt : until }))
    .filter(({ expiresAt }) => expiresAt > now);
  const sealedSecrets = [sealSecret(secret, { sealing, now }), ...older].slice(0, MOST_LIVE);
  return { sealedSecrets, previousExpiresAt: older[0]?.expiresAt ?? null };
}

/** Gives a partner a new secret for the callbackUrls of its links, inside a transaction. */
export async function rotateWebhookSecret(
  unit: EntityManager,
  scope: Scope,
  moment: { readonly sealing: Sealing; readonly now: string; readonly overlapHours: number },
): Promise<SecretRotated> {
  const stored = (await storedSecrets(unit, scope, { isLocked: true })) ?? [];
  const secret = newSecret();
  const { sealedSecrets, previousExpiresAt } = rotated(stored, secret, moment);
  await runSql(
    unit,
    `insert into webhook_secrets (partner, environment, sealed_secrets, updated_at) values ($1, $2, $3, $4)
     on conflict (partner, environment) do update
     set sealed_secrets = excluded.sealed_secrets, updated_at = excluded.updated_at`,
    [scope.partner, scope.environment, JSON.stringify(sealedSecrets), moment.now],
  );
  return { secret, createdAt: moment.now, previousExpiresAt };
}

async function storedSecrets(
  em: EntityManager,
  { partner, environment }: Scope,
  { isLocked }: { readonly isLocked: boolean } = { isLocked: false },
) {
  const rows = await runSql<{ sealed_secrets: readonly SealedSecret[] }>(
    em,
    `select sealed_secrets from webhook_secrets where partner = $1 and environment = $2${isLocked ? " for update" : ""}`,
    [partner, environment],
  );
  return rows[0]?.sealed_secrets ?? null;
}
