import type { Change } from "../change.ts";
import type { DataRequestClosed } from "../events.ts";
import type { DataRequest } from "./data-request.ts";
import { isWaiting } from "./states.ts";

type Ending = DataRequestClosed["data"]["status"];

/** Closes the request that waits, if there is one (D5, D6, D11, D12). */
export function closeDataRequest(change: Change, status: Ending): void {
  const waiting = change.record().dataRequests.find((request) => isWaiting(request.status));
  if (waiting === undefined) return;
  change.emit({
    type: "user.data_request.closed",
    data: {
      dataRequestId: waiting.dataRequestId,
      referenceId: change.command.referenceId,
      linkId: waiting.linkId,
      status,
    },
    private: null,
  });
}

/** Closes the waiting request once nothing is left of it: answered by the partner, or filled by others first (D6). */
export function closeWhenComplete(change: Change, answeredId: string | null): void {
  const waiting = change.record().dataRequests.find((request: DataRequest) => isWaiting(request.status));
  if (waiting === undefined || waiting.remainingFields.length > 0) return;
  closeDataRequest(change, waiting.dataRequestId === answeredId ? "fulfilled" : "superseded");
}
