import { defineEntity, p } from "@mikro-orm/postgresql";
import { FAILURE_CLASSES } from "../../domain/webhook/verdict.ts";
import { timeColumn } from "./columns.ts";

/**
 * One try of a delivery, for people to read; nothing depends on it. Partitioned by the day of its start, so that old
 * days are dropped whole; a day without a partition of its own goes to the default one.
 */
export const WebhookAttemptEntity = defineEntity({
  name: "WebhookAttempt",
  tableName: "webhook_attempts",
  properties: {
    deliveryId: p.text().primary(),
    number: p.integer().primary(),
    startedAt: timeColumn().primary(),
    durationMs: p.integer(),
    statusCode: p.integer().nullable(),
    errorClass: p.enum(FAILURE_CLASSES).nullable(),
    answerExcerpt: p.text().nullable(),
  },
  partitionBy: {
    type: "range",
    expression: "startedAt",
    partitions: [{ name: "webhook_attempts_default", values: "default" }],
  },
  checks: [
    { name: "webhook_attempts_number", expression: "number >= 1 and duration_ms >= 0" },
    { name: "webhook_attempts_answer", expression: "char_length(answer_excerpt) <= 1024" },
  ],
});
