import { beginChange } from "../change.ts";
import type { RevokeLink } from "../commands.ts";
import type { Decision, DecisionContext, UserRecord } from "../decision.ts";
import { refusal } from "../refusals.ts";
import { endLink } from "./end-link.ts";
import { findLink } from "./find.ts";
import { isCommitted, statusAt } from "./states.ts";

/**
 * E1–E5: a link that was created or opened can be revoked; with `force` also one in progress, until a transfer commits it
 * (E2, C8). Twice is as good as once (E4). Refused with LINK_NOT_REVOCABLE when in progress, completed (E3) or expired
 * (E5). The user's identity check goes on (E7).
 */
export function revokeLink(command: RevokeLink, record: UserRecord, context: DecisionContext): Decision {
  const change = beginChange(command, record, context);
  const link = findLink(record, command.payload.linkId);
  if ("code" in link) return { outcome: "refused", refusal: link };
  const { linkId, reason, force = false } = command.payload;
  const status = statusAt(link, change.at);
  if (status === "revoked" && link.revokedAt !== null) {
    return change.applied({ kind: "link_revoked", linkId, revokedAt: link.revokedAt });
  }
  const isForced = force && status === "in_progress" && !isCommitted(link);
  if (status !== "created" && status !== "opened" && !isForced) {
    const sentence = force && isCommitted(link) ? COMMITTED : `${SENTENCE} it is ${status}`;
    return { outcome: "refused", refusal: refusal("LINK_NOT_REVOCABLE", { status }, sentence) };
  }
  endLink(change, link, { status: "revoked", reason });
  return change.applied({ kind: "link_revoked", linkId, revokedAt: change.at });
}

const SENTENCE = "Only a link that is created or opened can be revoked;";
const COMMITTED = "A transfer was confirmed on this link: it can no longer be revoked";
