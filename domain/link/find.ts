import type { UserRecord } from "../decision.ts";
import { type Refusal, refusal } from "../refusals.ts";
import type { Link } from "./link.ts";
import { statusAt } from "./states.ts";

/** The user's link of that id, or the refusal that nobody can tell from another partner's link. */
export function findLink(record: UserRecord, linkId: string): Link | Refusal {
  return record.links.find((link) => link.linkId === linkId) ?? refusal("RESOURCE_NOT_FOUND");
}

/**
 * Whether a widget step is possible on the link now: opened or in progress and not past its time (C7). Otherwise the
 * refusal that tells the page what to show: expired, revoked (E9), or not open.
 */
export function refuseStep(link: Link, now: string): Refusal | null {
  const status = statusAt(link, now);
  switch (status) {
    case "opened":
    case "in_progress":
      return null;
    case "expired":
      return refusal("LINK_EXPIRED");
    case "revoked":
      return refusal("LINK_REVOKED");
    case "created":
      return refusal("LINK_NOT_OPEN", { status });
    case "completed":
      return refusal("LINK_NOT_OPEN", { status }, "This link is completed: no further step is possible");
    default:
      return status satisfies never;
  }
}
