import type { Change } from "../change.ts";
import type { Link } from "../link/link.ts";
import { askedFields } from "../user/required-fields.ts";
import { wouldReceive } from "../webhook/subscriptions.ts";
import { isWaiting } from "./states.ts";

/**
 * S2: asks the partner for what CIP misses. Nothing is asked of a user who is being checked, when nothing is missing (of a
 * verified user that is so until a grown policy is applied, B7), when a request is already open, or when nobody would receive it (D10). Returns its id, or null.
 */
export function raiseDataRequest(change: Change, link: Link): string | null {
  const { partner, addresses, newId } = change.context;
  const { user, dataRequests } = change.record();
  if (user === null || user.state === "cip_pending") return null;
  const requiredFields = askedFields(user, partner.settings);
  if (requiredFields.length === 0 || dataRequests.some(({ status }) => isWaiting(status))) return null;
  const receivers = { endpoints: partner.endpoints, callbackUrl: link.callbackUrl };
  if (!wouldReceive("user.data_request", receivers)) return null;
  const dataRequestId = newId("dr");
  change.emit({
    type: "user.data_request",
    data: {
      dataRequestId,
      referenceId: user.referenceId,
      linkId: link.linkId,
      requiredFields,
      replyEndpoint: `${addresses.gateway}/partner/data-requests/${dataRequestId}`,
      expiresAt: link.expiresAt,
    },
    private: null,
  });
  return dataRequestId;
}
