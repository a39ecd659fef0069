import type { Operation } from "../../domain/operation/operation.ts";
import type { OperationEntity } from "../entities/operation.ts";
import type { Row } from "../tables.ts";
import { isoTime, isoTimeOrNull } from "./iso-time.ts";
import type { RowOwner } from "./link.ts";

export type OperationRow = Row<typeof OperationEntity>;

/** The operation in a row of `operations`; money as the text that was stored. */
export function toOperation(row: OperationRow): Operation {
  return {
    operationId: row.operation_id,
    linkId: row.link_id,
    status: row.status,
    amount: {
      send: row.send,
      receive: row.receive,
      rate: row.rate,
      fee: row.fee,
      currency: { source: row.source_currency, destination: row.destination_currency },
    },
    paymentMethod: row.payment_method,
    createdAt: isoTime(row.created_at),
    processingAt: isoTimeOrNull(row.processing_at),
    completedAt: isoTimeOrNull(row.completed_at),
    failedAt: isoTimeOrNull(row.failed_at),
    cancelledAt: isoTimeOrNull(row.cancelled_at),
    failureReason: row.failure_reason,
    isHeldForReview: row.is_held_for_review,
    updates: row.updates,
  };
}

/** The row of `operations` for an operation. */
export function fromOperation(operation: Operation, { userId, address }: RowOwner): OperationRow {
  return {
    operation_id: operation.operationId,
    user_id: userId,
    partner: address.partner,
    environment: address.environment,
    reference_id: address.referenceId,
    link_id: operation.linkId,
    status: operation.status,
    send: operation.amount.send,
    receive: operation.amount.receive,
    rate: operation.amount.rate,
    fee: operation.amount.fee,
    source_currency: operation.amount.currency.source,
    destination_currency: operation.amount.currency.destination,
    payment_method: operation.paymentMethod,
    created_at: operation.createdAt,
    processing_at: operation.processingAt,
    completed_at: operation.completedAt,
    failed_at: operation.failedAt,
    cancelled_at: operation.cancelledAt,
    failure_reason: operation.failureReason,
    is_held_for_review: operation.isHeldForReview,
    updates: operation.updates,
  };
}
