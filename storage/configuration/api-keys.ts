import { createHash, randomBytes } from "node:crypto";
import type { EntityManager, InferEntity } from "@mikro-orm/postgresql";
import { type PartnerSettings, settingsOf } from "../../domain/partner.ts";
import { newId } from "../../runtime/ids.ts";
import { ApiKeyEntity } from "../entities/api-key.ts";
import { offsetOf, type Page, type Paged } from "../queries/page.ts";
import type { Scope } from "../scope.ts";
import { countChanged } from "../sql.ts";
import { tables } from "../tables.ts";

/** What a key may allow. */
export const PERMISSIONS = ["links:write", "users:write", "read", "webhooks:write", "pii:read"] as const;

export type Permission = (typeof PERMISSIONS)[number];

/** What a partner's first key may do: everything but reading unmasked values. */
export const FIRST_KEY_PERMISSIONS: readonly Permission[] = PERMISSIONS.filter((one) => one !== "pii:read");

export interface NewKey extends Scope {
  readonly permissions: readonly Permission[];
  /** The key's own text, for a key that has to be the same again (the demo); made at random when left out. */
  readonly text?: string;
}

/** A key at the only moment when its text is known. */
export interface CreatedKey {
  readonly keyId: string;
  readonly text: string;
  /** What people recognise it by later. */
  readonly prefix: string;
}

/** A live key with its partner: all that a request needs to know of its caller. */
export interface KnownKey extends Scope {
  readonly keyId: string;
  readonly permissions: readonly string[];
  readonly isSuspended: boolean;
  /** The partner's name. */
  readonly name: string;
  readonly settings: PartnerSettings;
}

/** Makes a key of an existing partner; only its SHA-256 is stored. */
export async function createKey(em: EntityManager, key: NewKey, now: string): Promise<CreatedKey> {
  const { partner, environment, permissions, text = randomKey(environment) } = key;
  const keyId = newId("key", partner);
  const prefix = text.slice(0, `m2m_${environment}_`.length + VISIBLE_CHARACTERS);
  await em.insert(ApiKeyEntity, {
    keyId,
    partner,
    environment,
    prefix,
    sha256: hashOfKey(text),
    permissions: [...permissions],
    createdAt: new Date(now),
  });
  return { keyId, text, prefix };
}

/** The SHA-256 of a key's text, hex: the only form in which keys are stored and looked up. */
export function hashOfKey(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** The key with this SHA-256 and its partner, in one query; null when unknown or revoked. */
export async function findKey(em: EntityManager, sha256: string): Promise<KnownKey | null> {
  const row = await tables(em)
    .selectFrom("api_keys")
    .innerJoin("partners", "partners.slug", "api_keys.partner")
    .select([
      "key_id",
      "partner",
      "environment",
      "permissions",
      "partners.name",
      "partners.status",
      "partners.settings",
    ])
    .where("sha256", "=", sha256)
    .where("revoked_at", "is", null)
    .executeTakeFirst();
  if (row === undefined) return null;
  const { key_id: keyId, partner, environment, permissions, name, status, settings } = row;
  const isSuspended = status === "suspended";
  return { keyId, partner, environment, permissions, isSuspended, name, settings: settingsOf(settings) };
}

/** Notes that a key was used, to the minute: a busy key is written once a minute, however often it is noted. */
export async function noteKeyUse(em: EntityManager, keyId: string, now: string): Promise<void> {
  await countChanged(
    em,
    `update api_keys set last_used_at = $2
     where key_id = $1 and (last_used_at is null or last_used_at < $2::timestamptz - interval '1 minute')`,
    [keyId, now],
  );
}

/** Ends a key for ever; false when the partner has no such live key. Announce it afterwards (key-changes.ts). */
export async function revokeKey(
  em: EntityManager,
  { partner, keyId }: { partner: string; keyId: string },
  now: string,
): Promise<boolean> {
  return (await em.nativeUpdate(ApiKeyEntity, { keyId, partner, revokedAt: null }, { revokedAt: new Date(now) })) > 0;
}

/** A key as those see it who look after keys: never its text. */
export interface ListedKey extends Scope {
  readonly keyId: string;
  readonly prefix: string;
  readonly permissions: readonly string[];
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly revokedAt: string | null;
}

/** Keys, newest first, a page of them; revoked ones too. Of one partner, or of all. */
export async function listKeys(
  em: EntityManager,
  { partner, ...page }: Page & { readonly partner: string | null },
): Promise<Paged<ListedKey>> {
  const orderBy = { createdAt: "desc", keyId: "desc" } as const;
  const where = partner === null ? {} : { partner };
  const options = { orderBy, limit: page.limit, offset: offsetOf(page) };
  const [rows, total] = await em.findAndCount(ApiKeyEntity, where, options);
  return { items: rows.map(toListed), total };
}

/** One key, revoked or not; null when there is none with this id. */
export async function findKeyById(em: EntityManager, keyId: string): Promise<ListedKey | null> {
  const row = await em.findOne(ApiKeyEntity, { keyId }, { refresh: true });
  return row === null ? null : toListed(row);
}

function toListed(row: InferEntity<typeof ApiKeyEntity>): ListedKey {
  const { keyId, partner, environment, prefix, permissions, createdAt, lastUsedAt, revokedAt } = row;
  return {
    ...{ keyId, partner, environment, prefix, permissions },
    createdAt: createdAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
  };
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const LENGTH = 32;
const VISIBLE_CHARACTERS = 4;

/**
 * The text of a new key, `m2m_<environment>_<32 of A-Za-z0-9>`.
 * Bytes from 248 up are thrown away: 248 is the last multiple of 62, so no character is likelier than another.
 */
export function randomKey(environment: Scope["environment"]): string {
  let text = "";
  while (text.length < LENGTH) {
    for (const byte of randomBytes(LENGTH * 2)) text += byte < 248 ? ALPHABET.charAt(byte % 62) : "";
  }
  return `m2m_${environment}_${text.slice(0, LENGTH)}`;
}
