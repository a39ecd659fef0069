import { defineEntity, p } from "@mikro-orm/postgresql";

/** How far one partition was applied and published; locking the row is what fences a second owner. */
export const ConsumerProgressEntity = defineEntity({
  name: "ConsumerProgress",
  tableName: "consumer_progress",
  properties: {
    topic: p.text().primary(),
    partition: p.integer().primary(),
    clusterId: p.text(),
    nextOffset: p.bigint("bigint"),
    publishedThrough: p.bigint("bigint"),
  },
  checks: [{ name: "consumer_progress_positive", expression: "next_offset >= 0 and published_through >= 0" }],
});
