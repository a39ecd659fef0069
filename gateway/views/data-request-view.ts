import type { DataRequest } from "../../domain/data-request/data-request.ts";

/** GET /partner/data-requests/{id}: what was asked for, and what is still missing. */
export function dataRequestView(request: DataRequest, referenceId: string) {
  const { dataRequestId, linkId, status, requiredFields, remainingFields } = request;
  const { createdAt, expiresAt, fulfilledAt, closedAt } = request;
  return {
    ...{ dataRequestId, referenceId, linkId, status, requiredFields, remainingFields },
    ...{ createdAt, expiresAt, fulfilledAt, closedAt },
  };
}
