import { defineEntity, p } from "@mikro-orm/postgresql";
import { SLOT_CLASSES } from "../../domain/webhook/slots.ts";
import { FAILURE_CLASSES } from "../../domain/webhook/verdict.ts";
import { environmentColumn, timeColumn } from "./columns.ts";

/** `parked`: set aside without spending an attempt while the receiver's breaker is open or the endpoint is paused. */
export const DELIVERY_STATUSES = ["pending", "delivering", "parked", "delivered", "failed"] as const;

/** Why a delivery was made: its event happened, or someone asked for it again (`replayId` names what asked). */
export const DELIVERY_CAUSES = ["event", "resend", "replay", "recovery", "test"] as const;

export type DeliveryCause = (typeof DELIVERY_CAUSES)[number];

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
    /** Null for a test event, which is about no user. */
    userId: p.text().nullable(),
    referenceId: p.text().nullable(),
    traceparent: p.text().nullable(),
    cause: p.enum(DELIVERY_CAUSES).default("event"),
    replayId: p.text().nullable(),
    status: p.enum(DELIVERY_STATUSES),
    parkedAt: timeColumn().nullable(),
    /** Which share of a worker's slots its next attempt uses. */
    slotClass: p.enum(SLOT_CLASSES).default("first"),
    /** It waits for those of its user that came before. */
    isStrict: p.boolean().default(false),
    attempts: p.integer(),
    dueAt: timeColumn(),
    leaseUntil: timeColumn().nullable(),
    fence: p.integer(),
    lastStatus: p.integer().nullable(),
    lastErrorClass: p.enum(FAILURE_CLASSES).nullable(),
    createdAt: timeColumn(),
    deliveredAt: timeColumn().nullable(),
  },
  indexes: [
    {
      name: "webhook_deliveries_once_per_receiver",
      expression:
        "create unique index webhook_deliveries_once_per_receiver on webhook_deliveries (event_id, receiver, replay_id) nulls not distinct",
    },
    {
      name: "webhook_deliveries_due",
      expression:
        "create index webhook_deliveries_due on webhook_deliveries (lane, slot_class, coalesce(lease_until, due_at)) where status in ('pending', 'delivering')",
    },
    { name: "webhook_deliveries_parked", properties: ["lane", "createdAt"], where: "status = 'parked'" },
    { name: "webhook_deliveries_parked_since", properties: ["parkedAt"], where: "status = 'parked'" },
    {
      name: "webhook_deliveries_in_order",
      properties: ["endpointId", "userId", "sequence"],
      where: "is_strict and status in ('pending', 'delivering', 'parked')",
    },
    {
      name: "webhook_deliveries_of_replay",
      properties: ["replayId"],
      where: "replay_id is not null and status in ('pending', 'delivering', 'parked')",
    },
    { name: "webhook_deliveries_finished", properties: ["dueAt"], where: "status in ('delivered', 'failed')" },
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
    { name: "webhook_deliveries_parked_at", expression: "(status = 'parked') = (parked_at is not null)" },
    { name: "webhook_deliveries_replay", expression: "(cause in ('event', 'test')) = (replay_id is null)" },
    { name: "webhook_deliveries_counts", expression: "attempts >= 0 and fence >= attempts" },
  ],
});
