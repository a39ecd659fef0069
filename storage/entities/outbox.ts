import { defineEntity, p } from "@mikro-orm/postgresql";
import { foreignJsonColumn, timeColumn } from "./columns.ts";

export const OUTBOX_KINDS = ["event", "cip_request", "operation_request", "parked"] as const;

/**
 * A message that has to leave, written with the change it tells of and published in order of `id` per partition of the
 * commands. It points to what it tells; only a parked message brings its content along.
 */
export const OutboxEntity = defineEntity({
  name: "Outbox",
  tableName: "outbox",
  properties: {
    id: p.bigint("bigint").primary().autoincrement(),
    sourcePartition: p.integer(),
    topic: p.text(),
    kind: p.enum(OUTBOX_KINDS),
    messageKey: p.text(),
    userId: p.text().nullable(),
    sequence: p.integer().nullable(),
    reference: p.text().nullable(),
    action: p.enum(["execute", "cancel"] as const).nullable(),
    payload: foreignJsonColumn<Readonly<Record<string, unknown>>>().nullable(),
    traceparent: p.text().nullable(),
    createdAt: timeColumn(),
  },
  indexes: [{ name: "outbox_by_partition", properties: ["sourcePartition", "id"] }],
  checks: [
    { name: "outbox_event_named", expression: "kind <> 'event' or (user_id is not null and sequence is not null)" },
    { name: "outbox_cip_request_named", expression: "kind <> 'cip_request' or reference is not null" },
    {
      name: "outbox_operation_request_named",
      expression: "kind <> 'operation_request' or (reference is not null and action is not null)",
    },
    { name: "outbox_parked_whole", expression: "kind <> 'parked' or payload is not null" },
  ],
});
