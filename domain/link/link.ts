export const LINK_STATUSES = ["created", "opened", "in_progress", "completed", "expired", "revoked"] as const;

export type LinkStatus = (typeof LINK_STATUSES)[number];

export type Language = "en" | "es";

/** What the creator chose for a link; never changes afterwards. */
export interface LinkSettings {
  readonly flow: string;
  readonly theme: string | null;
  readonly language: Language | null;
  readonly callbackUrl: string | null;
  readonly redirectUrl: string | null;
  readonly expiredRedirectUrl: string | null;
  readonly metadata: { readonly [key: string]: unknown } | null;
}

export interface Link extends LinkSettings {
  readonly linkId: string;
  readonly status: LinkStatus;
  readonly createdAt: string;
  /** Exclusive: at this instant the link is expired (C7). */
  readonly expiresAt: string;
  readonly openedAt: string | null;
  readonly completedAt: string | null;
  readonly expiredAt: string | null;
  readonly revokedAt: string | null;
  readonly revokeReason: string | null;
  /** The open operation that commits the link (C8); null when there is none or its outcome is known. */
  readonly committedOperationId: string | null;
  /** Counts this link's accepted widget writes (PUT data); what the page sends back as `version`. */
  readonly widgetVersion: number;
  /** The link that this one took the place of (C4 replace). */
  readonly replaces: string | null;
}
