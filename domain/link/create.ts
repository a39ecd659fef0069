import { beginChange, type Change } from "../change.ts";
import type { CreateLink } from "../commands.ts";
import { raiseDataRequest } from "../data-request/raise.ts";
import { isWaiting } from "../data-request/states.ts";
import type { Decision, DecisionContext, UserRecord } from "../decision.ts";
import { refusal } from "../refusals.ts";
import { addMinutes } from "../time.ts";
import { refuseUserData } from "../user/check-user-data.ts";
import type { IgnoredField } from "../user/fields.ts";
import { settleDataState } from "../user/move-user.ts";
import { missingFields } from "../user/required-fields.ts";
import { statedValue } from "../user/stated-value.ts";
import { storeAssertions } from "../user/store-assertions.ts";
import { endLink } from "./end-link.ts";
import type { Link } from "./link.ts";
import { isActive, isCommitted, isEnded } from "./states.ts";

/**
 * S1, S3, S8, S10, S11: one call makes the user if need be, merges the data, and makes the one active link.
 * Refused with ACTIVE_LINK_EXISTS while there is one (C2); then nothing of the call is stored (C3).
 */
export function createLink(command: CreateLink, record: UserRecord, context: DecisionContext): Decision {
  const change = beginChange(command, record, context);
  const refused = refuseUserData(command.values, context.partner.settings);
  if (refused !== null) return { outcome: "refused", refusal: refused };
  const active = record.links.find((link) => isActive(link, change.at));
  if (active !== undefined && !mayReplace(command, active)) {
    return command.payload.onActive === "return" ? returned(change, active) : activeLinkExists(active);
  }
  if (active !== undefined) endLink(change, active, { status: "revoked", reason: "replaced" });
  for (const stale of change.record().links.filter(({ status }) => !isEnded(status))) {
    endLink(change, stale, { status: "expired" });
  }
  const ignoredFields = storeUser(change, command);
  const link = emitLink(change, command, active?.linkId ?? null);
  settleDataState(change, "link_created", false);
  const { dataRequestTrigger } = context.partner.settings;
  const dataRequestId = dataRequestTrigger === "on_create" ? raiseDataRequest(change, link) : null;
  if (dataRequestId !== null) settleDataState(change, "data_requested", true);
  return answered(change, link, { dataRequestId, ignoredFields });
}

/** C4: `replace` is a revocation, so it is possible exactly where one is. */
function mayReplace({ payload }: CreateLink, active: Link): boolean {
  const isRevocable = active.status === "created" || active.status === "opened";
  return payload.onActive === "replace" && isRevocable && !isCommitted(active);
}

function activeLinkExists({ linkId, status, expiresAt }: Link): Decision {
  const facts = { existingLinkId: linkId, existingLink: { status, expiresAt } };
  return { outcome: "refused", refusal: refusal("ACTIVE_LINK_EXISTS", facts) };
}

/** C4: the existing link, with the data request that waits, is the answer; the call's userData is not merged. */
function returned(change: Change, link: Link): Decision {
  const waiting = change.record().dataRequests.find(({ status }) => isWaiting(status));
  const answer = linkAnswer(change, link, { dataRequestId: waiting?.dataRequestId ?? null, ignoredFields: [] });
  return change.applied({ ...answer, kind: "link_returned", replaces: link.replaces });
}

/** A new user's own event carries its first data; an existing user gets an update. */
function storeUser(change: Change, command: CreateLink): readonly IgnoredField[] {
  const { userData } = command.payload;
  if (change.record().user !== null) {
    return storeAssertions(change, {
      source: "partner_api",
      input: userData,
      values: command.values,
      allowedPaths: null,
      dataRequestId: null,
      widgetLinkId: null,
      isLate: false,
    });
  }
  const paths = [...userData.paths, ...userData.notApplicable];
  const userId = change.context.newId("user");
  const values = Object.fromEntries(userData.paths.map((path) => [path, statedValue(command.values, path)]));
  const { notApplicable } = userData;
  change.emit({
    type: "user.created",
    data: { referenceId: command.referenceId, userId, paths, source: "partner_api", state: "pending" },
    private: { assertions: paths.length === 0 ? null : { source: "partner_api", values, notApplicable } },
  });
  return userData.empty.map((path) => ({ path, reason: "empty_value" }));
}

function emitLink(change: Change, { payload, referenceId }: CreateLink, replaces: string | null): Link {
  const { partner, addresses, newId } = change.context;
  const linkId = newId("link");
  const { flow, theme, language, callbackUrl, redirectUrl, expiredRedirectUrl, metadata } = payload;
  const minutes = payload.expiresInMinutes ?? partner.settings.defaultExpiresInMinutes;
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
      referenceId,
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

interface CreatedFacts {
  readonly dataRequestId: string | null;
  readonly ignoredFields: readonly IgnoredField[];
}

function answered(change: Change, link: Link, facts: CreatedFacts): Decision {
  return change.applied({ ...linkAnswer(change, link, facts), kind: "link_created", replaces: link.replaces });
}

function linkAnswer(change: Change, link: Link, { dataRequestId, ignoredFields }: CreatedFacts) {
  const user = change.user();
  const { linkId, status, flow, expiresAt, createdAt } = link;
  return {
    ...{ linkId, status, flow, expiresAt, createdAt, dataRequestId, ignoredFields },
    referenceId: user.referenceId,
    userId: user.userId,
    userState: user.state,
    userVersion: user.version,
    missingFields: user.state === "cip_verified" ? [] : missingFields(user, change.context.partner.settings),
  };
}
