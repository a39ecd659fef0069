import type { UserEvent } from "../events.ts";
import { isSettled } from "../user/required-fields.ts";
import type { User } from "../user/user.ts";
import type { DataRequest } from "./data-request.ts";
import { isWaiting } from "./states.ts";

/** The data requests after an event; `user` is the user after it. */
export function evolveDataRequests(
  requests: readonly DataRequest[],
  user: User,
  event: UserEvent,
): readonly DataRequest[] {
  switch (event.type) {
    case "user.data_request":
      return [...requests, raised(event)];
    case "user.data_updated":
      return requests.map((request) => answered(request, user, event.private.dataRequestId));
    case "user.data_request.closed":
      return requests.map((request) => {
        if (request.dataRequestId !== event.data.dataRequestId) return request;
        const { status } = event.data;
        return { ...request, status, closedAt: event.at, fulfilledAt: status === "fulfilled" ? event.at : null };
      });
    default:
      return requests;
  }
}

function raised(event: UserEvent & { readonly type: "user.data_request" }): DataRequest {
  const { dataRequestId, linkId, requiredFields, expiresAt } = event.data;
  return {
    dataRequestId,
    linkId,
    status: "open",
    requiredFields,
    remainingFields: requiredFields,
    createdAt: event.at,
    expiresAt,
    fulfilledAt: null,
    closedAt: null,
  };
}

/**
 * D5, D6: whoever fills a field, the request that waits no longer lacks it; only its own answer makes it partially
 * answered. A request that is closed changes by its own late answers alone (D2), because nothing else finds it loaded.
 */
function answered(request: DataRequest, user: User, answeredId: string | null): DataRequest {
  const isOwn = request.dataRequestId === answeredId;
  if (!isOwn && !isWaiting(request.status)) return request;
  const remainingFields = request.requiredFields.filter((path) => !isSettled(user, path));
  const status = isOwn && isWaiting(request.status) ? "partially_answered" : request.status;
  const isUntouched = status === request.status && remainingFields.join() === request.remainingFields.join();
  return isUntouched ? request : { ...request, remainingFields, status };
}
