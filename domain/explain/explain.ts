import type { UserEvent } from "../events.ts";
import { replay } from "../evolve.ts";
import type { PartnerSnapshot } from "../partner.ts";
import { explainCreate } from "./explain-create.ts";
import { explainDataRequest } from "./explain-data-request.ts";
import { explainConflicts, explainFields } from "./explain-fields.ts";
import { explainGaps } from "./explain-gaps.ts";
import { explainOperations } from "./explain-operations.ts";
import { explainState } from "./explain-state.ts";
import { explainVerified } from "./explain-verified.ts";
import type { Explanation } from "./explanation.ts";
import type { Moment } from "./moment.ts";
import { nextActions } from "./next-actions.ts";

export interface ToExplain {
  /** The user's whole history from its first event, private parts included. */
  readonly history: readonly UserEvent[];
  /** The partner as it is now: settings of earlier moments are not kept. */
  readonly partner: PartnerSnapshot;
  readonly now: string;
  /** An earlier moment: right after this event. Left out: now. */
  readonly sequence?: number;
  /** Values as they are, for those who may see them; otherwise there are only paths. */
  readonly isRevealed?: boolean;
  /** B11: another user of the partner has the same idNumber and dob now; it takes two users to see that. */
  readonly isDuplicateSuspected?: boolean;
}

/**
 * Why each winner won (S7, A3, A8), why the user is in its state (B), what a create would get now (C2, E10), what is
 * missing and who has to act; all from the history alone. At the last sequence it is the same as now; an earlier moment
 * has the time of its event. Null when the history has no such sequence.
 */
export function explain(given: ToExplain): Explanation | null {
  const moment = momentOf(given);
  if (moment === null) return null;
  const { user, now } = moment;
  return {
    userId: user.userId,
    referenceId: user.referenceId,
    userVersion: user.version,
    sequence: user.lastSequence,
    at: now,
    state: explainState(moment),
    fields: explainFields(moment),
    verified: explainVerified(moment),
    conflicts: explainConflicts(moment),
    createNow: explainCreate(moment),
    dataRequest: explainDataRequest(moment),
    operations: explainOperations(moment),
    missing: explainGaps(moment),
    next: nextActions(moment),
  };
}

function momentOf({ history, partner, now, sequence, isRevealed = false, ...given }: ToExplain): Moment | null {
  const last = history.at(-1);
  if (last === undefined) return null;
  if (sequence === undefined || sequence === last.sequence) {
    const { isDuplicateSuspected = false } = given;
    return momentAfter(history, { partner, now, isRevealed, isDuplicateSuspected });
  }
  const until = history.findIndex((event) => event.sequence === sequence);
  const event = history[until];
  if (event === undefined) return null;
  const then = { partner, now: event.at, isRevealed, isDuplicateSuspected: false };
  return momentAfter(history.slice(0, until + 1), then);
}

function momentAfter(
  history: readonly UserEvent[],
  seen: Pick<Moment, "partner" | "now" | "isRevealed" | "isDuplicateSuspected">,
): Moment | null {
  const record = replay(history);
  return record.user === null ? null : { history, record, user: record.user, ...seen };
}
