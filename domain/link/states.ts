import { isBefore } from "../time.ts";
import type { Link, LinkStatus } from "./link.ts";

/** The legal moves of a link (rules C); completed, expired and revoked are final. */
export const LINK_TRANSITIONS = {
  created: ["opened", "revoked", "expired"],
  opened: ["in_progress", "revoked", "expired"],
  in_progress: ["completed", "revoked", "expired"],
  completed: [],
  expired: [],
  revoked: [],
} as const satisfies Record<LinkStatus, readonly LinkStatus[]>;

/** C1: the link stands in the user's way of a second one: not ended, and either before expiresAt or committed (C8). */
export function isActive(link: Link, now: string): boolean {
  return !isEnded(link.status) && (isCommitted(link) || isBefore(now, link.expiresAt));
}

/** A final status. */
export function isEnded(status: LinkStatus): boolean {
  return LINK_TRANSITIONS[status].length === 0;
}

/** C8: a transfer was accepted; the link can no longer expire or be revoked. */
export function isCommitted(link: Link): boolean {
  return link.committedOperationId !== null;
}

/** C intro: what a reader sees; a link past its time is expired, even while nobody has written it down yet. */
export function statusAt(link: Link, now: string): LinkStatus {
  return isEnded(link.status) || isActive(link, now) ? link.status : "expired";
}
