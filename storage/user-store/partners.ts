import type { Command } from "../../domain/commands.ts";
import { DEFAULT_SETTINGS, type PartnerSettings, type PartnerSnapshot, settingsOf } from "../../domain/partner.ts";
import type { Environment } from "../../domain/user/user.ts";
import type { Statement } from "../sql.ts";

/** Asks for the partners that commands concern. */
export function partnersStatement(commands: readonly Command[]): Statement<PartnerRow> {
  return { sql: PARTNERS, parameters: [[...new Set(commands.map(({ partner }) => partner))]] };
}

/**
 * The partners that a batch concerns, as they are in this transaction: so an endpoint or a suspension that was committed
 * before counts for the very next command. A partner that is not there counts as suspended.
 */
export function partnersOf(rows: readonly PartnerRow[]): (command: Command) => PartnerSnapshot {
  const partners = new Map(rows.map((row) => [row.slug, row]));
  return ({ partner, environment }) => {
    const row = partners.get(partner);
    return {
      partner,
      environment,
      isSuspended: row?.status !== "active",
      settings: row === undefined ? DEFAULT_SETTINGS : settingsOf(row.settings),
      endpoints: (row?.endpoints ?? []).filter((endpoint) => endpoint.environment === environment),
    };
  };
}

export interface PartnerRow {
  readonly slug: string;
  readonly status: "active" | "suspended";
  readonly settings: Partial<PartnerSettings>;
  readonly endpoints:
    | readonly { readonly environment: Environment; readonly events: readonly string[] | null }[]
    | null;
}

const PARTNERS = `select slug, status, settings,
    (select json_agg(json_build_object('environment', environment, 'events', events)) from webhook_endpoints
     where partner = slug and status <> 'disabled' and deleted_at is null) as endpoints
  from partners where slug = any($1)`;
