import type { Change } from "../change.ts";
import { moveUser } from "../user/move-user.ts";
import { policyLabel, policyOf } from "../user/required-fields.ts";
import type { CipAttempt, CipAttemptKind } from "./attempt.ts";
import { freezeEvidence } from "./evidence.ts";

export interface NewAttempt {
  readonly kind: CipAttemptKind;
  readonly linkId: string | null;
  /** Why the user's state moves, in the words of user.state_changed. */
  readonly reason: string;
}

/** Freezes what counts now as evidence (D7), moves the user to cip_pending and asks the CIP system. Gives the attempt. */
export function startAttempt(change: Change, { kind, linkId, reason }: NewAttempt): CipAttempt {
  const { referenceId, userId, cip } = change.user();
  const attempt: CipAttempt = {
    attemptId: change.context.newId("cip"),
    kind,
    linkId,
    number: cip.attempts + 1,
    status: "open",
    policy: policyLabel(policyOf(change.context.partner.settings)),
    ...freezeEvidence(change.user()),
    revision: null,
    failure: null,
    isFinal: false,
    verifiedOutputs: null,
    results: [],
    createdAt: change.at,
    closedAt: null,
  };
  moveUser(change, "cip_pending", reason);
  const data = { referenceId, userId, attemptId: attempt.attemptId };
  change.emit({ type: "user.cip_pending", data, private: { attempt } });
  change.require({ kind: "request_cip", attemptId: attempt.attemptId });
  return attempt;
}
