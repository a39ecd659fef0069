import { attemptsLeft } from "../cip/attempts-left.ts";
import { isOverdueAttempt } from "../cip/overdue.ts";
import { isActive } from "../link/states.ts";
import { isOverdueOperation } from "../operation/overdue.ts";
import { isOpen } from "../operation/states.ts";
import { winnerOf } from "../user/precedence.ts";
import { askedFields } from "../user/required-fields.ts";
import { isCurrentlyVerified } from "../user/verification.ts";
import type { NextAction } from "./explanation.ts";
import type { Moment } from "./moment.ts";
import { SENTENCES } from "./sentences.ts";

/** Who has to do what, so that the user gets on; in the order in which it has to happen. Empty when nobody has to. */
export function nextActions(moment: Moment): readonly NextAction[] {
  return [...forOperators(moment), ...forCheck(moment), ...forTransfer(moment)];
}

/** A13, B4, B10, B14, E10, J4: what waits for a person. */
function forOperators({ user, partner, record }: Moment): readonly NextAction[] {
  const { cip, flags } = user;
  const sentences = [
    ...(partner.isSuspended ? [SENTENCES.next.reactivatePartner] : []),
    ...(cip.needsReview || cip.isHeldForReview ? [SENTENCES.next.review] : []),
    ...(flags.some(({ flag }) => flag === "unstable_identity") ? [SENTENCES.next.lookAtFlips] : []),
    ...(record.operations.some(({ isHeldForReview }) => isHeldForReview) ? [SENTENCES.next.lookAtOperation] : []),
  ];
  return sentences.map((sentence) => ({ who: "operator", sentence }));
}

/** B5, B9, B16: what the identity check waits for. */
function forCheck(moment: Moment): readonly NextAction[] {
  const { user, record, partner, now } = moment;
  const running = record.attempts.findLast(({ status }) => status === "open");
  if (user.state === "cip_pending") {
    const isLate = running !== undefined && isOverdueAttempt(running, partner.settings, now);
    return [{ who: "cip", sentence: SENTENCES.next.answerCheck(isLate) }];
  }
  if (user.cip.isFinal) return [{ who: "operator", sentence: SENTENCES.next.liftFinalFailure }];
  const missing = askedFields(user, partner.settings);
  if (missing.length > 0) return giveData(moment, missing);
  if (isCurrentlyVerified(user)) return [];
  if (user.cip.needsReview || attemptsLeft(user, record.attempts, partner.settings) <= 0) return [];
  return throughLink(moment, SENTENCES.next.startCheck(user.state));
}

function giveData(moment: Moment, missing: readonly string[]): readonly NextAction[] {
  const asPartner: NextAction = { who: "partner", sentence: SENTENCES.next.giveData(missing) };
  return hasLink(moment) ? [asPartner, { who: "user", sentence: SENTENCES.next.typeData(missing) }] : [asPartner];
}

/** J1, J6: what a transfer waits for. */
function forTransfer(moment: Moment): readonly NextAction[] {
  const { user, record, partner, now } = moment;
  const running = record.operations.findLast(({ status }) => isOpen(status));
  if (running !== undefined) {
    const isLate = isOverdueOperation(running, partner.settings, now);
    const late: NextAction = { who: "operator", sentence: SENTENCES.next.resolveOperation(running.operationId) };
    return [{ who: "payments", sentence: SENTENCES.next.settle(running.operationId) }, ...(isLate ? [late] : [])];
  }
  if (user.state !== "cip_verified" || !hasLink(moment)) return [];
  if (winnerOf(user, "paymentMethod") !== null) return [{ who: "user", sentence: SENTENCES.next.confirm }];
  return [
    { who: "partner", sentence: SENTENCES.next.givePaymentMethod },
    { who: "user", sentence: SENTENCES.next.choosePaymentMethod },
  ];
}

/** What only the user can do needs a link first. */
function throughLink(moment: Moment, sentence: string): readonly NextAction[] {
  const forUser: NextAction = { who: "user", sentence };
  return hasLink(moment) ? [forUser] : [{ who: "partner", sentence: SENTENCES.next.createLink }, forUser];
}

function hasLink({ record, now }: Moment): boolean {
  return record.links.some((link) => isActive(link, now));
}
