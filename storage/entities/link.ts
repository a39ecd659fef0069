import { defineEntity, p } from "@mikro-orm/postgresql";
import { LINK_STATUSES } from "../../domain/link/link.ts";
import { addressColumns, foreignJsonColumn, timeColumn } from "./columns.ts";
import { UserEntity } from "./user.ts";

const ACTIVE = "status in ('created', 'opened', 'in_progress')";

/** A magic link. The partial unique index is the last line of "one active link per user" (S10, P3). */
export const LinkEntity = defineEntity({
  name: "Link",
  tableName: "links",
  properties: {
    linkId: p.text().primary(),
    userId: p.manyToOne(UserEntity).mapToPk().name("user_id"),
    ...addressColumns(),
    status: p.enum(LINK_STATUSES),
    createdAt: timeColumn(),
    expiresAt: timeColumn(),
    openedAt: timeColumn().nullable(),
    completedAt: timeColumn().nullable(),
    expiredAt: timeColumn().nullable(),
    revokedAt: timeColumn().nullable(),
    revokeReason: p.text().nullable(),
    committedOperationId: p.text().nullable(),
    widgetVersion: p.integer(),
    replaces: p.text().nullable(),
    flow: p.text(),
    theme: p.text().nullable(),
    language: p.enum(["en", "es"] as const).nullable(),
    callbackUrl: p.text().nullable(),
    redirectUrl: p.text().nullable(),
    expiredRedirectUrl: p.text().nullable(),
    metadata: foreignJsonColumn<Readonly<Record<string, unknown>>>().nullable(),
  },
  uniques: [{ name: "links_one_active_per_user", properties: ["userId"], where: ACTIVE }],
  indexes: [
    { name: "links_by_user", properties: ["userId", "createdAt"] },
    {
      name: "links_newest_first",
      columns: [
        { name: "partner" },
        { name: "environment" },
        { name: "created_at", sort: "desc" },
        { name: "link_id", sort: "desc" },
      ],
      properties: ["partner", "environment", "createdAt", "linkId"],
    },
    {
      name: "links_of_reference_newest_first",
      columns: [
        { name: "partner" },
        { name: "environment" },
        { name: "reference_id" },
        { name: "created_at", sort: "desc" },
        { name: "link_id", sort: "desc" },
      ],
      properties: ["partner", "environment", "referenceId", "createdAt", "linkId"],
    },
    {
      name: "links_due_to_expire",
      properties: ["expiresAt"],
      where: `${ACTIVE} and committed_operation_id is null`,
    },
  ],
  checks: [
    { name: "links_expiry_after_creation", expression: "expires_at > created_at" },
    { name: "links_widget_version_positive", expression: "widget_version >= 0" },
    {
      name: "links_opened_at",
      expression:
        "(status <> 'created' or opened_at is null) and (status in ('created', 'expired', 'revoked') or opened_at is not null)",
    },
    { name: "links_completed_at", expression: "(status = 'completed') = (completed_at is not null)" },
    { name: "links_expired_at", expression: "(status = 'expired') = (expired_at is not null)" },
    { name: "links_revoked_at", expression: "(status = 'revoked') = (revoked_at is not null)" },
    { name: "links_committed_in_progress", expression: "committed_operation_id is null or status = 'in_progress'" },
  ],
});
