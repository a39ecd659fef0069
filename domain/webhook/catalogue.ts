import type { EventType } from "../events.ts";

/** Kept in the history and in m2m.user-events only; no partner hears of them. */
type RecordOnlyEventType =
  | "user.cip_result_recorded"
  | "user.verification_changed"
  | "user.reviewed"
  | "user.flagged"
  | "user.policy_applied"
  | "operation.update_recorded"
  | "operation.cancel_requested";

/** The events that partners hear of (api.md section 6). */
export type WebhookEventType = Exclude<EventType, RecordOnlyEventType>;

/**
 * Whose event each one is (H5): a link's own events go to its callbackUrl when it has one, a user's always go to the
 * partner's endpoints.
 */
const OWNERS: { readonly [type in WebhookEventType]: "link" | "user" } = {
  "link.created": "link",
  "link.opened": "link",
  "link.in_progress": "link",
  "link.completed": "link",
  "link.expired": "link",
  "link.revoked": "link",
  "user.data_request": "link",
  "user.data_request.closed": "link",
  "user.created": "user",
  "user.data_updated": "user",
  "user.state_changed": "user",
  "user.cip_pending": "user",
  "user.cip_verified": "user",
  "user.cip_failed": "user",
  "operation.created": "link",
  "operation.processing": "link",
  "operation.completed": "link",
  "operation.failed": "link",
  "operation.cancelled": "link",
};

/** The event that a partner asks for to see whether an endpoint works; no endpoint subscribes to it. */
export const TEST_EVENT_TYPE = "webhook.test";

/** Every event type that can be a webhook: what an endpoint may name in `events[]`. */
export const WEBHOOK_EVENT_TYPES = Object.keys(OWNERS) as readonly WebhookEventType[];

/** Whether partners hear of events of this type at all. Any text may be asked; what is unknown is not a webhook. */
export function isWebhookEvent(type: string): type is WebhookEventType {
  return Object.hasOwn(OWNERS, type);
}

/** Whether an event of this type belongs to a link, so that the link's callbackUrl comes before the endpoints (H5). */
export function isLinkEvent(type: WebhookEventType): boolean {
  return OWNERS[type] === "link";
}
