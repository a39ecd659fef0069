import type { ShownLink } from "../../storage/queries/links.ts";
import type { LinkAddresses } from "../link-address.ts";
import { type Show, userDataView } from "./user-data-view.ts";

export interface LinkViewContext {
  readonly addresses: LinkAddresses;
  readonly show: Show;
}

/** An item of GET /partner/links; the url is without its secret. */
export function linkView({ link, user, operation }: ShownLink, { addresses, show }: LinkViewContext) {
  return {
    linkId: link.linkId,
    referenceId: user.referenceId,
    status: link.status,
    url: addresses.urlOf(link),
    expiresAt: link.expiresAt,
    createdAt: link.createdAt,
    openedAt: link.openedAt,
    userId: user.userId,
    operationId: operation?.operationId ?? null,
    userData: userDataView(user, show),
  };
}

/** GET /partner/links/{linkId}: an item and what was chosen for the link, how it ended, and what its page shows now. */
export function linkDetailView(shown: ShownLink, steps: readonly string[], context: LinkViewContext) {
  const { link } = shown;
  return {
    ...linkView(shown, context),
    metadata: link.metadata,
    flow: link.flow,
    theme: link.theme,
    language: link.language,
    completedAt: link.completedAt,
    revokedAt: link.revokedAt,
    revokeReason: link.revokeReason,
    ...(link.replaces === null ? {} : { replaces: link.replaces }),
    steps,
  };
}
