import { beginChange } from "../change.ts";
import type { ExpireLink } from "../commands.ts";
import type { Decision, DecisionContext, UserRecord } from "../decision.ts";
import { endLink } from "./end-link.ts";
import { isActive, isEnded } from "./states.ts";

/** G7: timers say that a link's time has come; the writer judges again, so that a late or early word is harmless. */
export function expireLink(command: ExpireLink, record: UserRecord, context: DecisionContext): Decision {
  const change = beginChange(command, record, context);
  const link = record.links.find(({ linkId }) => linkId === command.payload.linkId);
  const isDue = link !== undefined && !isEnded(link.status) && !isActive(link, change.at);
  if (isDue) endLink(change, link, { status: "expired" });
  return change.applied({ kind: "done" });
}
