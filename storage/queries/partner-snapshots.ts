import type { EntityManager } from "@mikro-orm/postgresql";
import type { PartnerSettings, PartnerSnapshot } from "../../domain/partner.ts";
import { settingsOf } from "../configuration/partners.ts";
import type { Scope } from "../scope.ts";
import { runSql } from "../sql.ts";

/** Finds the snapshot of a partner's world among those that were loaded. */
export type SnapshotOf = (scope: Scope) => PartnerSnapshot;

/**
 * Every partner that a batch names, as it is at this moment of the transaction, in one query. A partner that does not
 * exist counts as suspended, which is what a caller is told of both.
 */
export async function loadPartnerSnapshots(em: EntityManager, scopes: readonly Scope[]): Promise<SnapshotOf> {
  const slugs = [...new Set(scopes.map(({ partner }) => partner))];
  const rows = slugs.length === 0 ? [] : await runSql<SnapshotRow>(em, LOAD, [slugs]);
  const bySlug = new Map(rows.map((row) => [row.slug, row]));
  return ({ partner, environment }) => {
    const row = bySlug.get(partner);
    return {
      partner,
      environment,
      isSuspended: row?.status !== "active",
      settings: settingsOf(row?.settings ?? {}),
      endpoints: (row?.endpoints ?? [])
        .filter((one) => one.environment === environment)
        .map(({ events }) => ({ events })),
    };
  };
}

interface SnapshotRow {
  readonly slug: string;
  readonly status: string;
  readonly settings: Partial<PartnerSettings>;
  readonly endpoints: readonly { readonly environment: string; readonly events: readonly string[] | null }[] | null;
}

const LOAD = `
  select slug, status, settings,
    (select json_agg(json_build_object('environment', e.environment, 'events', e.events)) from webhook_endpoints e
     where e.partner = p.slug and e.status = 'enabled' and e.deleted_at is null) as endpoints
  from partners p where slug = any($1)`;
