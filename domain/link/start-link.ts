import type { Change } from "../change.ts";
import { raiseDataRequest } from "../data-request/raise.ts";
import { addMinutes } from "../time.ts";
import type { IgnoredField } from "../user/fields.ts";
import { settleDataState } from "../user/move-user.ts";
import { askedFields } from "../user/required-fields.ts";
import { endLink } from "./end-link.ts";
import type { Link, LinkSettings } from "./link.ts";
import { isEnded } from "./states.ts";

export interface NewLink {
  readonly settings: LinkSettings;
  /** Null: the partner's own default. */
  readonly expiresInMinutes: number | null;
  readonly replaces: string | null;
}

/** C5: what has not been written down as expired is, before the next link begins; in the same decision. */
export function expireStaleLinks(change: Change): void {
  for (const stale of change.record().links.filter(({ status }) => !isEnded(status))) {
    endLink(change, stale, { status: "expired" });
  }
}

/** S1, S2: the link of a user who has no active one, and the data request for what CIP misses. Gives the request's id. */
export function startLink(change: Change, wanted: NewLink): { link: Link; dataRequestId: string | null } {
  const link = emitLink(change, wanted);
  settleDataState(change, "link_created", false);
  const { dataRequestTrigger } = change.context.partner.settings;
  const dataRequestId = dataRequestTrigger === "on_create" ? raiseDataRequest(change, link) : null;
  if (dataRequestId !== null) settleDataState(change, "data_requested", true);
  return { link, dataRequestId };
}

export interface LinkFacts {
  readonly dataRequestId: string | null;
  readonly ignoredFields: readonly IgnoredField[];
}

/** What the asker is told of a link: one just made, or the one that is there already (C4). */
export function linkAnswer(change: Change, link: Link, { dataRequestId, ignoredFields }: LinkFacts) {
  const user = change.user();
  const { linkId, status, flow, expiresAt, createdAt, replaces } = link;
  return {
    ...{ linkId, status, flow, expiresAt, createdAt, dataRequestId, ignoredFields, replaces },
    referenceId: user.referenceId,
    userId: user.userId,
    userState: user.state,
    userVersion: user.version,
    missingFields: askedFields(user, change.context.partner.settings),
  };
}

function emitLink(change: Change, { settings, expiresInMinutes, replaces }: NewLink): Link {
  const { partner, addresses, newId } = change.context;
  const linkId = newId("link");
  const { flow, theme, language, callbackUrl, redirectUrl, expiredRedirectUrl, metadata } = settings;
  const minutes = expiresInMinutes ?? partner.settings.defaultExpiresInMinutes;
  const link: Link = {
    linkId,
    status: "created",
    createdAt: change.at,
    expiresAt: addMinutes(change.at, minutes),
    openedAt: null,
    completedAt: null,
    expiredAt: null,
    revokedAt: null,
    revokeReason: null,
    committedOperationId: null,
    widgetVersion: 0,
    replaces,
    ...{ flow, theme, language, callbackUrl, redirectUrl, expiredRedirectUrl, metadata },
  };
  change.emit({
    type: "link.created",
    data: {
      linkId,
      referenceId: change.command.referenceId,
      url: `${addresses.widget}/${linkId}/${flow}`,
      status: "created",
      expiresAt: link.expiresAt,
      createdAt: link.createdAt,
      ...(metadata === null ? {} : { metadata }),
    },
    private: { link },
  });
  return link;
}
