import { defineEntity, p } from "@mikro-orm/postgresql";
import type { PartnerSettings } from "../../domain/partner.ts";
import { timeColumn } from "./columns.ts";

export const PARTNER_STATUSES = ["active", "suspended"] as const;

/** A customer of the system, named by an immutable slug. Absent settings mean their defaults. */
export const PartnerEntity = defineEntity({
  name: "Partner",
  tableName: "partners",
  properties: {
    slug: p.text().primary(),
    name: p.text(),
    status: p.enum(PARTNER_STATUSES),
    settings: p.json<Partial<PartnerSettings>>(),
    createdAt: timeColumn(),
    updatedAt: timeColumn(),
  },
  checks: [{ name: "partners_slug_form", expression: "slug ~ '^[a-z0-9-]{2,32}$'" }],
});
