import { beginChange } from "../change.ts";
import type { RegenerateLink } from "../commands.ts";
import type { Decision, DecisionContext, UserRecord } from "../decision.ts";
import { refusal } from "../refusals.ts";
import { activeLinkExists } from "./create.ts";
import { endLink } from "./end-link.ts";
import { findLink } from "./find.ts";
import { expireStaleLinks, linkAnswer, startLink } from "./start-link.ts";
import { isActive, statusAt } from "./states.ts";

/**
 * C12: a new link with the old one's metadata, flow, theme, language and addresses; `replaces` names the old one, which
 * has ended or is revoked in the same step. Refused with LINK_NOT_REVOCABLE while the old one is in progress, and with
 * ACTIVE_LINK_EXISTS while the user has another active link.
 */
export function regenerateLink(command: RegenerateLink, record: UserRecord, context: DecisionContext): Decision {
  const change = beginChange(command, record, context);
  const { linkId, expiresInMinutes } = command.payload;
  const old = findLink(record, linkId);
  if ("code" in old) return { outcome: "refused", refusal: old };
  const status = statusAt(old, change.at);
  if (status === "in_progress") {
    return { outcome: "refused", refusal: refusal("LINK_NOT_REVOCABLE", { status }, IN_PROGRESS) };
  }
  const other = record.links.find((link) => link !== old && isActive(link, change.at));
  if (other !== undefined) return activeLinkExists(other);
  if (isActive(old, change.at)) endLink(change, old, { status: "revoked", reason: "regenerated" });
  expireStaleLinks(change);
  const { link, dataRequestId } = startLink(change, { settings: old, expiresInMinutes, replaces: linkId });
  return change.applied({ ...linkAnswer(change, link, { dataRequestId, ignoredFields: [] }), kind: "link_created" });
}

const IN_PROGRESS = "A link that is in progress cannot be regenerated; let it end first, or revoke it with force";
