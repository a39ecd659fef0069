import { defineEntity, p } from "@mikro-orm/postgresql";
import { environmentColumn, timeColumn } from "./columns.ts";

/** What one Idempotency-Key stands for: the body it came with, its command, and, once decided, the sealed answer. */
export const IdempotencyEntity = defineEntity({
  name: "Idempotency",
  tableName: "idempotency",
  properties: {
    partner: p.text().primary(),
    environment: environmentColumn().primary(),
    method: p.text().primary(),
    path: p.text().primary(),
    key: p.text().primary(),
    bodyHash: p.text(),
    commandId: p.text().nullable(),
    status: p.integer().nullable(),
    sealedResponse: p.text().nullable(),
    createdAt: timeColumn(),
  },
  indexes: [{ name: "idempotency_oldest_first", properties: ["createdAt"] }],
  checks: [
    { name: "idempotency_key_length", expression: "char_length(key) >= 1 and char_length(key) <= 255" },
    { name: "idempotency_answer_whole", expression: "(status is null) = (sealed_response is null)" },
  ],
});
