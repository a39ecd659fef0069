import { defineEntity, p } from "@mikro-orm/postgresql";
import { environmentColumn, timeColumn } from "./columns.ts";
import { PartnerEntity } from "./partner.ts";
import type { SealedSecret } from "./webhook-endpoint.ts";

/** What signs the deliveries that go to a link's callbackUrl: one set per partner and environment. */
export const WebhookSecretEntity = defineEntity({
  name: "WebhookSecret",
  tableName: "webhook_secrets",
  properties: {
    partner: p.manyToOne(PartnerEntity).mapToPk().name("partner").joinColumn("partner").primary(),
    environment: environmentColumn().primary(),
    sealedSecrets: p.json<readonly SealedSecret[]>(),
    updatedAt: timeColumn(),
  },
});
