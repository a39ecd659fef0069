import { defineEntity, p } from "@mikro-orm/postgresql";
import { timeColumn } from "./columns.ts";

export const PARKED_STATUSES = ["parked", "replayed", "dropped"] as const;

/** What stands in the parked topic, for operators to list and settle; the topic itself forgets after its retention. */
export const ParkedMessageEntity = defineEntity({
  name: "ParkedMessage",
  tableName: "parked_messages",
  properties: {
    /** `<partition>-<offset>` in the parked topic: storing it twice is harmless. */
    parkedId: p.text().primary(),
    reason: p.text(),
    detail: p.text(),
    consumer: p.text(),
    topic: p.text(),
    partition: p.integer(),
    offset: p.text(),
    key: p.text().nullable(),
    /** The raw bytes in base64; null when there were none. */
    rawBase64: p.text().nullable(),
    parkedAt: timeColumn(),
    status: p.enum(PARKED_STATUSES),
    settledAt: timeColumn().nullable(),
    /** Why an operator dropped it. */
    settledReason: p.text().nullable(),
    /** The command that replayed it. */
    replayCommandId: p.text().nullable(),
  },
  indexes: [
    {
      name: "parked_messages_newest_first",
      columns: [
        { name: "parked_at", sort: "desc" },
        { name: "parked_id", sort: "desc" },
      ],
      properties: ["parkedAt", "parkedId"],
    },
    {
      name: "parked_messages_of_status_newest_first",
      columns: [{ name: "status" }, { name: "parked_at", sort: "desc" }, { name: "parked_id", sort: "desc" }],
      properties: ["status", "parkedAt", "parkedId"],
    },
  ],
  checks: [{ name: "parked_messages_settled_at", expression: "(status = 'parked') = (settled_at is null)" }],
});
