import { defineEntity, p } from "@mikro-orm/postgresql";
import { FAILURE_CLASSES } from "../../domain/webhook/verdict.ts";
import { timeColumn } from "./columns.ts";

/**
 * One try of a delivery, for people to read; nothing depends on it. Its table is partitioned by the day of its start, so
 * that old days are dropped whole (`attempt-days.ts`); a day without a partition of its own goes to the default one. That is not
 * said here: which partitions there are changes every day, and MikroORM would want to build the table anew for it.
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
  checks: [
    { name: "webhook_attempts_number", expression: "number >= 1 and duration_ms >= 0" },
    { name: "webhook_attempts_answer", expression: "char_length(answer_excerpt) <= 1024" },
  ],
});
