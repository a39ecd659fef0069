import { defineEntity, p } from "@mikro-orm/postgresql";
import { environmentColumn, timeColumn } from "./columns.ts";
import { PartnerEntity } from "./partner.ts";

/** A key of a partner; the key itself is stored nowhere, only its SHA-256. */
export const ApiKeyEntity = defineEntity({
  name: "ApiKey",
  tableName: "api_keys",
  properties: {
    keyId: p.text().primary(),
    partner: p.manyToOne(PartnerEntity).mapToPk().name("partner").joinColumn("partner"),
    environment: environmentColumn(),
    prefix: p.text(),
    sha256: p.text().name("sha256").unique("api_keys_sha256_unique"),
    permissions: p.array(),
    createdAt: timeColumn(),
    lastUsedAt: timeColumn().nullable(),
    revokedAt: timeColumn().nullable(),
  },
  indexes: [{ name: "api_keys_by_partner", properties: ["partner", "createdAt"] }],
  checks: [{ name: "api_keys_sha256_form", expression: "sha256 ~ '^[0-9a-f]{64}$'" }],
});
