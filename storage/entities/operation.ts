import { defineEntity, p } from "@mikro-orm/postgresql";
import { OPERATION_STATUSES, type Operation } from "../../domain/operation/operation.ts";
import { addressColumns, foreignJsonColumn, timeColumn } from "./columns.ts";
import { LinkEntity } from "./link.ts";
import { UserEntity } from "./user.ts";

const OPEN = "status in ('created', 'processing')";

/** A transfer. Money is `numeric` without a scale: it comes back with exactly the digits that went in (J3). */
export const OperationEntity = defineEntity({
  name: "Operation",
  tableName: "operations",
  properties: {
    operationId: p.text().primary(),
    userId: p.manyToOne(UserEntity).mapToPk().name("user_id"),
    ...addressColumns(),
    linkId: p.manyToOne(LinkEntity).mapToPk().name("link_id"),
    status: p.enum(OPERATION_STATUSES),
    send: p.decimal("string").columnType("numeric"),
    receive: p.decimal("string").columnType("numeric"),
    rate: p.decimal("string").columnType("numeric"),
    fee: p.decimal("string").columnType("numeric"),
    sourceCurrency: p.text(),
    destinationCurrency: p.text(),
    paymentMethod: foreignJsonColumn<Operation["paymentMethod"]>(),
    createdAt: timeColumn(),
    processingAt: timeColumn().nullable(),
    completedAt: timeColumn().nullable(),
    failedAt: timeColumn().nullable(),
    cancelledAt: timeColumn().nullable(),
    failureReason: p.text().nullable(),
    isHeldForReview: p.boolean(),
    updates: foreignJsonColumn<Operation["updates"]>(),
  },
  uniques: [{ name: "operations_one_open_per_link", properties: ["linkId"], where: OPEN }],
  indexes: [
    { name: "operations_in_review", properties: ["partner", "userId"], where: "is_held_for_review" },
    { name: "operations_by_link", properties: ["linkId", "createdAt"] },
    { name: "operations_by_user", properties: ["userId", "createdAt"] },
    {
      name: "operations_newest_first",
      columns: [
        { name: "partner" },
        { name: "environment" },
        { name: "created_at", sort: "desc" },
        { name: "operation_id", sort: "desc" },
      ],
      properties: ["partner", "environment", "createdAt", "operationId"],
    },
    {
      name: "operations_of_reference_newest_first",
      columns: [
        { name: "partner" },
        { name: "environment" },
        { name: "reference_id" },
        { name: "created_at", sort: "desc" },
        { name: "operation_id", sort: "desc" },
      ],
      properties: ["partner", "environment", "referenceId", "createdAt", "operationId"],
    },
  ],
  checks: [
    { name: "operations_amount", expression: "send > 0 and receive >= 0 and rate > 0 and fee >= 0" },
    {
      name: "operations_currencies",
      expression: "source_currency ~ '^[A-Z]{3}$' and destination_currency ~ '^[A-Z]{3}$'",
    },
    { name: "operations_completed_at", expression: "(status = 'completed') = (completed_at is not null)" },
    { name: "operations_failed_at", expression: "(status = 'failed') = (failed_at is not null)" },
    { name: "operations_cancelled_at", expression: "(status = 'cancelled') = (cancelled_at is not null)" },
  ],
});
