import type { Link } from "../../domain/link/link.ts";
import type { UserAddress } from "../../domain/user/user.ts";
import type { LinkEntity } from "../entities/link.ts";
import type { Row } from "../tables.ts";
import { isoTime, isoTimeOrNull } from "./iso-time.ts";

export type LinkRow = Row<typeof LinkEntity>;

/** Whose row it is. */
export interface RowOwner {
  readonly userId: string;
  readonly address: UserAddress;
}

/** The link in a row of `links`. */
export function toLink(row: LinkRow): Link {
  return {
    linkId: row.link_id,
    status: row.status,
    createdAt: isoTime(row.created_at),
    expiresAt: isoTime(row.expires_at),
    openedAt: isoTimeOrNull(row.opened_at),
    completedAt: isoTimeOrNull(row.completed_at),
    expiredAt: isoTimeOrNull(row.expired_at),
    revokedAt: isoTimeOrNull(row.revoked_at),
    revokeReason: row.revoke_reason,
    committedOperationId: row.committed_operation_id,
    widgetVersion: row.widget_version,
    replaces: row.replaces,
    flow: row.flow,
    theme: row.theme,
    language: row.language,
    callbackUrl: row.callback_url,
    redirectUrl: row.redirect_url,
    expiredRedirectUrl: row.expired_redirect_url,
    metadata: row.metadata,
  };
}

/** The row of `links` for a link; every value can stand in JSON, so that many rows travel as one parameter. */
export function fromLink(link: Link, { userId, address }: RowOwner): LinkRow {
  return {
    link_id: link.linkId,
    user_id: userId,
    partner: address.partner,
    environment: address.environment,
    reference_id: address.referenceId,
    status: link.status,
    created_at: link.createdAt,
    expires_at: link.expiresAt,
    opened_at: link.openedAt,
    completed_at: link.completedAt,
    expired_at: link.expiredAt,
    revoked_at: link.revokedAt,
    revoke_reason: link.revokeReason,
    committed_operation_id: link.committedOperationId,
    widget_version: link.widgetVersion,
    replaces: link.replaces,
    flow: link.flow,
    theme: link.theme,
    language: link.language,
    callback_url: link.callbackUrl,
    redirect_url: link.redirectUrl,
    expired_redirect_url: link.expiredRedirectUrl,
    metadata: link.metadata,
  };
}
