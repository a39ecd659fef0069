import { attemptsLeft, failedAttempts } from "../cip/attempts-left.ts";
import { isOverdueAttempt } from "../cip/overdue.ts";
import type { UserEvent } from "../events.ts";
import type { Path } from "../user/fields.ts";
import type { ExplainedState } from "./explanation.ts";
import type { Moment } from "./moment.ts";
import { SENTENCES } from "./sentences.ts";

/** S5, B: the event and command that put the user into its state, and what else the identity check has to say. */
export function explainState(moment: Moment): ExplainedState {
  const { history, user } = moment;
  const moved = history.findLast(movedUser);
  const first = history[0];
  if (first === undefined) throw new Error("a user without a history was explained");
  const event = moved ?? first;
  const { at: since, sequence, commandId: cause, actor } = event;
  const sentence =
    moved === undefined
      ? SENTENCES.stillPending({ since, sequence })
      : SENTENCES.moved({ ...moved.data, since, sequence, actor });
  return { state: user.state, since, sequence, cause, sentence, facts: factsOf(moment) };
}

function movedUser(event: UserEvent): event is UserEvent & { readonly type: "user.state_changed" } {
  return event.type === "user.state_changed";
}

function factsOf(moment: Moment): readonly string[] {
  return [
    ...runningFacts(moment),
    ...failureFacts(moment),
    ...verificationFacts(moment),
    ...openQuestions(moment),
    ...moment.user.flags.map((flag) => SENTENCES.flag[flag.flag](flag)),
    ...(moment.isDuplicateSuspected ? [SENTENCES.duplicateSuspected] : []),
  ];
}

/** B5, B9, D7. */
function runningFacts({ record, partner, now, history }: Moment): readonly string[] {
  const attempt = record.attempts.findLast(({ status }) => status === "open");
  if (attempt === undefined) return [];
  const overdue = isOverdueAttempt(attempt, partner.settings, now);
  const unseen = unseenPaths(history, attempt.createdAt);
  return [
    SENTENCES.attemptRuns(attempt),
    ...(attempt.kind === "review" ? [SENTENCES.reviewRuns] : []),
    ...(overdue ? [SENTENCES.attemptOverdue(partner.settings.cipOverdueMinutes)] : []),
    ...(unseen.length > 0 ? [SENTENCES.notInEvidence(unseen)] : []),
  ];
}

function unseenPaths(history: readonly UserEvent[], since: string): readonly Path[] {
  const updates = history.filter(({ at }) => at >= since);
  const paths = updates.flatMap((event) =>
    event.type === "user.data_updated" ? (event.data.notInEvidence ?? []) : [],
  );
  return [...new Set(paths)];
}

/** B4, B10, B14. */
function failureFacts({ user, record, partner }: Moment): readonly string[] {
  const { cip, state } = user;
  const left = Math.max(0, attemptsLeft(user, record.attempts, partner.settings));
  const failed = failedAttempts(record.attempts);
  return [
    ...(state === "cip_failed" && cip.failure !== null ? [SENTENCES.failure({ ...cip.failure, ...cip })] : []),
    ...(state === "cip_failed" && !cip.isFinal ? [SENTENCES.attempts({ failed, left })] : []),
    ...(cip.extraAttempts > 0 ? [SENTENCES.extraAttempts(cip.extraAttempts)] : []),
    ...(cip.isHeldForReview ? [SENTENCES.heldForReview] : []),
  ];
}

/** A10, B5, B6. */
function verificationFacts({ user }: Moment): readonly string[] {
  const { verification, verifiedOutputDifferences: differences } = user.cip;
  const isShown = verification !== null && user.state !== "cip_pending";
  return [
    ...(isShown ? [SENTENCES.verification(verification, user.state !== "cip_verified")] : []),
    ...(isShown && verification.change !== null
      ? [SENTENCES.verificationChange[verification.change](verification)]
      : []),
    ...differences.map(SENTENCES.outputDifference),
  ];
}

/** B7, B15. */
function openQuestions({ user }: Moment): readonly string[] {
  const asked = Object.entries(user.cip.dueFields);
  const { eventuallyDue } = user.cip;
  return [
    ...asked.map(([path, reason]) => SENTENCES.askedAgain(path, reason)),
    ...(eventuallyDue === null ? [] : [SENTENCES.eventuallyDue(eventuallyDue)]),
  ];
}
