import { beginChange, type Change } from "../change.ts";
import type { CreateLink } from "../commands.ts";
import { isWaiting } from "../data-request/states.ts";
import type { Decision, DecisionContext, UserRecord } from "../decision.ts";
import { refusal } from "../refusals.ts";
import { refuseUserData } from "../user/check-user-data.ts";
import type { IgnoredField } from "../user/fields.ts";
import { statedValue } from "../user/stated-value.ts";
import { storeAssertions } from "../user/store-assertions.ts";
import { endLink } from "./end-link.ts";
import type { Link } from "./link.ts";
import { expireStaleLinks, linkAnswer, startLink } from "./start-link.ts";
import { isActive, isCommitted } from "./states.ts";

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
  expireStaleLinks(change);
  const ignoredFields = storeUser(change, command);
  const { expiresInMinutes, ...settings } = command.payload;
  const wanted = { settings, expiresInMinutes, replaces: active?.linkId ?? null };
  const { link, dataRequestId } = startLink(change, wanted);
  return change.applied({ ...linkAnswer(change, link, { dataRequestId, ignoredFields }), kind: "link_created" });
}

/** C4: `replace` is a revocation, so it is possible exactly where one is. */
function mayReplace({ payload }: CreateLink, active: Link): boolean {
  const isRevocable = active.status === "created" || active.status === "opened";
  return payload.onActive === "replace" && isRevocable && !isCommitted(active);
}

/** C2: the refusal that names the link in the way. */
export function activeLinkExists({ linkId, status, expiresAt }: Link): Decision {
  const facts = { existingLinkId: linkId, existingLink: { status, expiresAt } };
  return { outcome: "refused", refusal: refusal("ACTIVE_LINK_EXISTS", facts) };
}

/** C4: the existing link, with the data request that waits, is the answer; the call's userData is not merged. */
function returned(change: Change, link: Link): Decision {
  const waiting = change.record().dataRequests.find(({ status }) => isWaiting(status));
  const answer = linkAnswer(change, link, { dataRequestId: waiting?.dataRequestId ?? null, ignoredFields: [] });
  return change.applied({ ...answer, kind: "link_returned" });
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
