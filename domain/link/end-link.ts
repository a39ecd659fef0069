import type { Change } from "../change.ts";
import { closeDataRequest } from "../data-request/close.ts";
import type { Link } from "./link.ts";

/**
 * Ends a link and the data request that belongs to it (D11, D12): with a completed link the request is superseded, with
 * an expired one expired, with a revoked one cancelled.
 */
export function endLink(change: Change, link: Link, ending: LinkEnding): void {
  change.emit({
    type: `link.${ending.status}`,
    data: {
      linkId: link.linkId,
      referenceId: change.command.referenceId,
      status: ending.status,
      at: change.at,
      ...(ending.status === "revoked" && ending.reason !== null ? { reason: ending.reason } : {}),
      ...(ending.status === "expired" ? { expiredAt: link.expiresAt } : {}),
    },
    private: null,
  });
  closeDataRequest(change, REQUEST_ENDS[ending.status]);
}

type LinkEnding =
  | { readonly status: "completed" | "expired" }
  | { readonly status: "revoked"; readonly reason: string | null };

const REQUEST_ENDS = { completed: "superseded", expired: "expired", revoked: "cancelled" } as const;
