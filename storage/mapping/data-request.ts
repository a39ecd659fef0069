import type { DataRequest } from "../../domain/data-request/data-request.ts";
import type { DataRequestEntity } from "../entities/data-request.ts";
import type { Row } from "../tables.ts";
import { isoTime, isoTimeOrNull } from "./iso-time.ts";
import type { RowOwner } from "./link.ts";

export type DataRequestRow = Row<typeof DataRequestEntity>;

/** The data request in a row of `data_requests`. */
export function toDataRequest(row: DataRequestRow): DataRequest {
  return {
    dataRequestId: row.data_request_id,
    linkId: row.link_id,
    status: row.status,
    requiredFields: row.required_fields,
    remainingFields: row.remaining_fields,
    createdAt: isoTime(row.created_at),
    expiresAt: isoTime(row.expires_at),
    fulfilledAt: isoTimeOrNull(row.fulfilled_at),
    closedAt: isoTimeOrNull(row.closed_at),
  };
}

/** The row of `data_requests` for a data request. */
export function fromDataRequest(request: DataRequest, { userId, address }: RowOwner): DataRequestRow {
  return {
    data_request_id: request.dataRequestId,
    user_id: userId,
    partner: address.partner,
    environment: address.environment,
    reference_id: address.referenceId,
    link_id: request.linkId,
    status: request.status,
    required_fields: request.requiredFields,
    remaining_fields: request.remainingFields,
    created_at: request.createdAt,
    expires_at: request.expiresAt,
    fulfilled_at: request.fulfilledAt,
    closed_at: request.closedAt,
  };
}
