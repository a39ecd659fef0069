import type { EntityManager, InferEntity } from "@mikro-orm/postgresql";
import { type PartnerSettings, settingsOf } from "../../domain/partner.ts";
import { PartnerEntity } from "../entities/partner.ts";
import { offsetOf, type Page, type Paged } from "../queries/page.ts";
import { runSql } from "../sql.ts";

/** A partner as configuration shows it; `settings` has a value for everything. */
export interface Partner {
  readonly slug: string;
  readonly name: string;
  readonly isSuspended: boolean;
  readonly settings: PartnerSettings;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface NewPartner {
  /** [a-z0-9-], 2..32 characters; never changes, stands in every id. */
  readonly slug: string;
  readonly name: string;
  readonly settings?: Partial<PartnerSettings>;
}

/** Makes an active partner; false, and nothing changed, when the slug is taken. */
export async function createPartner(em: EntityManager, partner: NewPartner, now: string): Promise<boolean> {
  const rows = await runSql(
    em,
    `insert into partners (slug, name, status, settings, created_at, updated_at) values ($1, $2, 'active', $3, $4, $4)
     on conflict (slug) do nothing returning slug`,
    [partner.slug, partner.name, JSON.stringify(partner.settings ?? {}), now],
  );
  return rows.length > 0;
}

/** The partner with this slug, or null. */
export async function findPartner(em: EntityManager, slug: string): Promise<Partner | null> {
  const row = await em.findOne(PartnerEntity, { slug }, { refresh: true });
  return row === null ? null : toPartner(row);
}

function toPartner(row: InferEntity<typeof PartnerEntity>): Partner {
  return {
    slug: row.slug,
    name: row.name,
    isSuspended: row.status === "suspended",
    settings: settingsOf(row.settings),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** Shuts a partner out, or lets it in again; false when there is no such partner. Announce it (key-changes.ts). */
export async function setSuspended(
  em: EntityManager,
  { slug, isSuspended }: { slug: string; isSuspended: boolean },
  now: string,
): Promise<boolean> {
  const status = isSuspended ? "suspended" : "active";
  return (await em.nativeUpdate(PartnerEntity, { slug }, { status, updatedAt: new Date(now) })) > 0;
}

/**
 * Puts these settings over the stored ones, in one statement, so that two changes of different settings both stay;
 * false when there is no such partner. Announce it (key-changes.ts).
 */
export async function changeSettings(
  em: EntityManager,
  { slug, settings }: { slug: string; settings: Partial<PartnerSettings> },
  now: string,
): Promise<boolean> {
  const rows = await runSql(
    em,
    "update partners set settings = settings || $2, updated_at = $3 where slug = $1 returning slug",
    [slug, JSON.stringify(settings), now],
  );
  return rows.length > 0;
}

/** Every partner, newest first, a page of them. */
export async function listPartners(em: EntityManager, page: Page): Promise<Paged<Partner>> {
  const orderBy = { createdAt: "desc", slug: "desc" } as const;
  const [rows, total] = await em.findAndCount(
    PartnerEntity,
    {},
    { orderBy, limit: page.limit, offset: offsetOf(page) },
  );
  return { items: rows.map(toPartner), total };
}
