import { randomBytes } from "node:crypto";
import type { EntityManager } from "@mikro-orm/postgresql";
import type { SealedSecret } from "../entities/webhook-endpoint.ts";
import type { Scope } from "../scope.ts";
import type { Sealing } from "../sealing.ts";
import { runSql } from "../sql.ts";

const SECRET_BYTES = 32;

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

async function storedSecrets(em: EntityManager, { partner, environment }: Scope) {
  const rows = await runSql<{ sealed_secrets: readonly SealedSecret[] }>(
    em,
    "select sealed_secrets from webhook_secrets where partner = $1 and environment = $2",
    [partner, environment],
  );
  return rows[0]?.sealed_secrets ?? null;
}
