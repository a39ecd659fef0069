import type { UserEvent } from "../events.ts";
import type { Link } from "./link.ts";

/** The links after an event. */
export function evolveLinks(links: readonly Link[], event: UserEvent): readonly Link[] {
  switch (event.type) {
    case "link.created":
      return [...links, event.private.link];
    case "link.opened":
      return amended(links, event.data.linkId, (link) => ({
        ...link,
        status: "opened",
        openedAt: event.data.openedAt,
      }));
    case "link.in_progress":
      return amended(links, event.data.linkId, (link) => ({ ...link, status: "in_progress" }));
    case "link.completed":
      return amended(links, event.data.linkId, (link) => ({
        ...link,
        status: "completed",
        completedAt: event.data.at,
      }));
    case "link.expired":
      return amended(links, event.data.linkId, (link) => ({
        ...link,
        status: "expired",
        expiredAt: event.data.expiredAt ?? event.data.at,
      }));
    case "link.revoked":
      return amended(links, event.data.linkId, (link) => ({
        ...link,
        status: "revoked",
        revokedAt: event.data.at,
        revokeReason: event.data.reason ?? null,
      }));
    case "user.data_updated":
      return amended(links, event.private.widgetLinkId, (link) => ({ ...link, widgetVersion: link.widgetVersion + 1 }));
    case "operation.created":
      return amended(links, event.data.linkId, (link) => ({ ...link, committedOperationId: event.data.operationId }));
    case "operation.completed":
    case "operation.failed":
    case "operation.cancelled":
      return amended(links, event.data.linkId, (link) => ({ ...link, committedOperationId: null }));
    default:
      return links;
  }
}

function amended(links: readonly Link[], linkId: string | null, amend: (link: Link) => Link): readonly Link[] {
  if (linkId === null) return links;
  return links.map((link) => (link.linkId === linkId ? amend(link) : link));
}
