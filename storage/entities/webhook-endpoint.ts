import { defineEntity, p } from "@mikro-orm/postgresql";
import { environmentColumn, timeColumn } from "./columns.ts";
import { PartnerEntity } from "./partner.ts";

/** `paused`: its deliveries gather and wait, by its partner's wish; `disabled`: nothing is made for it any more. */
export const ENDPOINT_STATUSES = ["enabled", "paused", "disabled"] as const;

/** A signing secret as it is stored: sealed, newest first; the last moment an older one signs is `expiresAt`. */
export interface SealedSecret {
  readonly sealed: string;
  readonly createdAt: string;
  readonly expiresAt: string | null;
}

/** Where a partner wants its webhooks. A deleted endpoint keeps its row: deliveries name it. */
export const WebhookEndpointEntity = defineEntity({
  name: "WebhookEndpoint",
  tableName: "webhook_endpoints",
  properties: {
    endpointId: p.text().primary(),
    partner: p.manyToOne(PartnerEntity).mapToPk().name("partner").joinColumn("partner"),
    environment: environmentColumn(),
    url: p.text(),
    events: p.json<readonly string[]>().nullable(),
    description: p.text().nullable(),
    status: p.enum(ENDPOINT_STATUSES),
    disabledReason: p.text().nullable(),
    schedule: p.json<readonly number[]>().nullable(),
    rateLimit: p.integer().nullable(),
    /** One delivery of a user at a time, in the order of the events. */
    strictOrder: p.boolean().default(false),
    /** The streak of failures that may disable the endpoint: when it began, and how many deliveries failed in it. */
    failingSince: timeColumn().nullable(),
    failedDeliveries: p.integer().default(0),
    lastSuccessAt: timeColumn().nullable(),
    /** How far towards being disabled its partner has been warned of: 0, 50, 70 or 90 per cent. */
    warnedPercent: p.integer().default(0),
    disabledAt: timeColumn().nullable(),
    sealedSecrets: p.json<readonly SealedSecret[]>(),
    createdAt: timeColumn(),
    updatedAt: timeColumn(),
    deletedAt: timeColumn().nullable(),
  },
  indexes: [
    {
      name: "webhook_endpoints_of_partner",
      properties: ["partner", "environment", "createdAt"],
      where: "deleted_at is null",
    },
  ],
  checks: [
    { name: "webhook_endpoints_url_length", expression: "char_length(url) <= 2048" },
    { name: "webhook_endpoints_rate_limit", expression: "rate_limit is null or rate_limit >= 1" },
    { name: "webhook_endpoints_streak", expression: "(failing_since is not null) = (failed_deliveries > 0)" },
    { name: "webhook_endpoints_disabled_at", expression: "disabled_at is null or status = 'disabled'" },
  ],
});
