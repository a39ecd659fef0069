import { defineEntity, p } from "@mikro-orm/postgresql";
import { FAILURE_CLASSES } from "../../domain/webhook/verdict.ts";
import { environmentColumn, timeColumn } from "./columns.ts";

export const DELIVERY_STATUSES = ["pending", "delivering", "delivered", "failed"] as const;

export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/**
 * One event to one receiver, and all that its retries need: the state of a delivery is here, never in the log of its
 * attempts. `fence` counts the claims: only the worker of the newest claim may write a result.
 */
export const WebhookDeliveryEntity = defineEntity({
  name: "WebhookDelivery",
  tableName: "webhook_deliveries",
  properties: {
    deliveryId: p.text().primary(),
    eventId: p.text(),
    receiver: p.text(),
    lane: p.text(),
    partner: p.text(),
    environment: environmentColumn(),
    endpointId: p.text().nullable(),
    linkId: p.text().nullable(),
    url: p.text(),
    eventType: p.text(),
    body: p.text(),
    sequence: p.integer(),
    userId: p.text(),
    referenceId: p.text(),
    traceparent: p.text().nullable(),
    status: p.enum(DELIVERY_STATUSES),
    attempts: p.integer(),
    dueAt: timeColumn(),
    leaseUntil: timeColumn().nullable(),
    fence: p.integer(),
    lastStatus: p.integer().nullable(),
    lastErrorClass: p.enum(FAILURE_CLASSES).nullable(),
    createdAt: timeColumn(),
    deliveredAt: timeColumn().nullable(),
  },
  uniques: [{ name: "webhook_deliveries_once_per_receiver", properties: ["eventId", "receiver"] }],
  indexes: [
    {
      name: "webhook_deliveries_due",
      expression:
        "create index webhook_deliveries_due on webhook_deliveries (coalesce(lease_until, due_at)) where status in ('pending', 'delivering')",
    },
    {
      name: "webhook_deliveries_newest_first",
      columns: [
        { name: "partner" },
        { name: "environment" },
        { name: "createdAt", sort: "desc" },
        { name: "deliveryId", sort: "desc" },
      ],
    },
  ],
  checks: [
    {
      name: "webhook_deliveries_receiver_named",
      expression:
        "receiver = case when endpoint_id is null then 'link:' || link_id else 'endpoint:' || endpoint_id end",
    },
    { name: "webhook_deliveries_lease", expression: "(status = 'delivering') = (lease_until is not null)" },
    { name: "webhook_deliveries_delivered_at", expression: "(status = 'delivered') = (delivered_at is not null)" },
    { name: "webhook_deliveries_counts", expression: "attempts >= 0 and fence >= attempts" },
  ],
});
