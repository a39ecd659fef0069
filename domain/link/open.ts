import { beginChange } from "../change.ts";
import type { OpenLink } from "../commands.ts";
import { raiseDataRequest } from "../data-request/raise.ts";
import type { Decision, DecisionContext, UserRecord } from "../decision.ts";
import { settleDataState } from "../user/move-user.ts";
import { findLink, refuseStep } from "./find.ts";
import { statusAt } from "./states.ts";

/**
 * C6, C7: a person opened the page. Opening never consumes the link and `link.opened` happens once; a completed link
 * still opens, to show that it is done. Refused with LINK_EXPIRED from expiresAt on, and with LINK_REVOKED.
 */
export function openLink(command: OpenLink, record: UserRecord, context: DecisionContext): Decision {
  const change = beginChange(command, record, context);
  const link = findLink(record, command.payload.linkId);
  if ("code" in link) return { outcome: "refused", refusal: link };
  const { linkId } = link;
  const status = statusAt(link, change.at);
  const refused = status === "created" || status === "completed" ? null : refuseStep(link, change.at);
  if (refused !== null) return { outcome: "refused", refusal: refused };
  if (status === "created") {
    const { referenceId } = command;
    const data = { linkId, referenceId, openedAt: change.at, deviceInfo: command.payload.device };
    change.emit({ type: "link.opened", data, private: null });
    settleDataState(change, "link_opened", true);
    if (context.partner.settings.dataRequestTrigger === "on_open") raiseDataRequest(change, link);
  }
  return change.applied({ kind: "session_changed", linkId, ignoredFields: [] });
}
