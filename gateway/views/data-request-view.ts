import type { ShownDataRequest } from "../../storage/queries/data-requests.ts";

/** GET /partner/data-requests/{id}: what was asked for, and what is still missing. */
export function dataRequestView({ dataRequest, address }: ShownDataRequest) {
  const { referenceId } = address;
  const { dataRequestId, linkId, status, requiredFields, remainingFields } = dataRequest;
  const { createdAt, expiresAt, fulfilledAt, closedAt } = dataRequest;
  return {
    ...{ dataRequestId, referenceId, linkId, status, requiredFields, remainingFields },
    ...{ createdAt, expiresAt, fulfilledAt, closedAt },
  };
}
