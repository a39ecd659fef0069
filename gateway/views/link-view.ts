import type { Link } from "../../domain/link/link.ts";
import { statusAt } from "../../domain/link/states.ts";
import type { User } from "../../domain/user/user.ts";
import type { LinkAddresses } from "../link-address.ts";
import { type Show, userDataView } from "./user-data-view.ts";

/** A link with what a list or its detail shows beside it. */
export interface ShownLink {
  readonly link: Link;
  readonly user: Pick<User, "userId" | "referenceId" | "assertions" | "values">;
  /** The link's newest operation. */
  readonly operationId: string | null;
}

export interface LinkViewContext {
  readonly addresses: LinkAddresses;
  readonly now: string;
  readonly show: Show;
}

/** An item of GET /partner/links; the url is without its secret, and a link past its time is expired. */
export function linkView({ link, user, operationId }: ShownLink, { addresses, now, show }: LinkViewContext) {
  return {
    linkId: link.linkId,
    referenceId: user.referenceId,
    status: statusAt(link, now),
    url: addresses.urlOf(link),
    expiresAt: link.expiresAt,
    createdAt: link.createdAt,
    openedAt: link.openedAt,
    userId: user.userId,
    operationId,
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
