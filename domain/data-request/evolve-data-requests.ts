import type { UserEvent } from "../events.ts";
import { winningSource } from "../user/precedence.ts";
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

/** D5, D6: whoever fills a field, the request no longer lacks it; only its own answer makes it partially answered. */
function answered(request: DataRequest, user: User, answeredId: string | null): DataRequest {
  const remainingFields = request.requiredFields.filter((path) => winningSource(user.assertions, path) === null);
  const isAnswered = request.dataRequestId === answeredId && isWaiting(request.status);
  const status = isAnswered ? "partially_answered" : request.status;
  const isUntouched = status === request.status && remainingFields.length === request.remainingFields.length;
  return isUntouched ? request : { ...request, remainingFields, status };
}
