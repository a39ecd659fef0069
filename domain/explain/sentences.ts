import type { CipAttempt } from "../cip/attempt.ts";
import type { Actor } from "../commands.ts";
import type { DataRequest } from "../data-request/data-request.ts";
import type { Link } from "../link/link.ts";
import type { Step } from "../link/session.ts";
import type { Operation } from "../operation/operation.ts";
import type { Path, Source } from "../user/fields.ts";
import type { Similarity } from "../user/similarity.ts";
import type { EventuallyDue, OutputDifference, UserFlag, UserState, Verification } from "../user/user.ts";
import { ACTORS, DISTANCES, SOURCE_WORDS, STATE_REASONS, STATE_WORDS } from "./words.ts";

interface Said {
  readonly source: Source;
  readonly at: string;
  readonly sequence: number;
}

/** Every sentence of an explanation, in one place; they name paths, sources and times, never a value. */
export const SENTENCES = {
  // Fields: S7, A3, A4, A6, A7, A8
  winner: ({ path, source, at, sequence, isNone, others }: Said & { path: Path; isNone: boolean; others: number }) =>
    `${path} ${isNone ? "is known not to exist: so says" : "is what"} ${SOURCE_WORDS[source]}${isNone ? "" : " said"} at ${at} (event ${sequence}); ${rankOf(source, others)}.`,
  outranked: (lost: Said & { winner: Source; similarity: Similarity | null; isSame: boolean }) =>
    lost.isSame
      ? `${capital(SOURCE_WORDS[lost.source])} said the same at ${lost.at} (event ${lost.sequence}); ${lost.winner} ranks above it.`
      : `${capital(SOURCE_WORDS[lost.source])} said something else at ${lost.at} (event ${lost.sequence})${
          lost.similarity === null ? "" : `, ${DISTANCES[lost.similarity]}`
        }; it is kept but does not count, because ${lost.winner} ranks above ${lost.source}.`,
  replaced: ({ source, at, sequence, newer }: Said & { newer: number | null }) =>
    newer === null
      ? `${capital(SOURCE_WORDS[source])} had spoken at ${at} (event ${sequence}) and took its word back since.`
      : `${capital(SOURCE_WORDS[source])} had said something else at ${at} (event ${sequence}); its own newer word (event ${newer}) replaced it.`,
  mixedPair: ([type, number]: readonly [Source, Source]) =>
    `idType comes from ${type} and idNumber from ${number}: the two may not belong to the same document.`,
  contradiction: (lost: { path: Path; winningSource: Source; losingSource: Source; similarity: Similarity }) =>
    `${lost.losingSource} contradicts ${lost.winningSource} about ${lost.path}: ${DISTANCES[lost.similarity]}.`,

  // State: S5, B
  stillPending: ({ since, sequence }: { since: string; sequence: number }) =>
    `The user has been pending since ${since} (event ${sequence}): there is no data, no data request and no opened link yet.`,
  moved: (move: { from: UserState; to: UserState; reason: string; since: string; sequence: number; actor: Actor }) =>
    `The user has been ${move.to} since ${move.since} (event ${move.sequence}): it moved there from ${move.from} because ${
      STATE_REASONS[move.reason] ?? move.reason.replaceAll("_", " ")
    }; that came from ${ACTORS[move.actor.kind]}. ${STATE_WORDS[move.to]}`,
  attemptRuns: ({ attemptId, number, createdAt }: CipAttempt) =>
    `Identity check ${attemptId} (attempt ${number}) has been running since ${createdAt}.`,
  reviewRuns: "It was begun because the verified identity was replaced by another one; a person decides about it.",
  attemptOverdue: (minutes: number) =>
    `It is overdue: it has run longer than the ${minutes} minutes that are normal for this partner. It never fails by itself.`,
  notInEvidence: (paths: readonly Path[]) =>
    `${listed(paths)} changed after the evidence was submitted; the result is compared with them when it comes.`,
  failure: ({ code, isFinal, retryable }: { code: string; isFinal: boolean; retryable: boolean }) =>
    `The last identity check failed with ${code}; ${
      isFinal
        ? "that is final, and only an operator can lift it"
        : retryable
          ? "that is not final"
          : "a person has to look at it first"
    }.`,
  attempts: ({ failed, left }: { failed: number; left: number }) =>
    `${counted(failed, "attempt has", "attempts have")} failed and ${left === 0 ? "none is" : counted(left, "is", "are")} left.`,
  extraAttempts: (extra: number) => `Operators granted ${counted(extra, "more attempt", "more attempts")}.`,
  heldForReview:
    "The CIP system contradicted itself; its last word is held and changes nothing until a person decides.",
  verification: ({ attemptId, verifiedAt, policy, current, reverifyBy }: Verification, isOver: boolean) =>
    `Verified by ${attemptId} at ${verifiedAt} under the requirements ${policy}; ${
      current && !isOver ? "it counts" : countsNoMore(reverifyBy, isOver)
    }.`,
  verificationChange: {
    cosmetic: ({ changedPaths }: Verification) =>
      `${listed(changedPaths)} is now written otherwise than it was verified (capitals, accents, spacing): the verification stays.`,
    additive: ({ changedPaths }: Verification) => `${listed(changedPaths)} was added since the verification: it stays.`,
    material: ({ changedPaths }: Verification) =>
      changedPaths.length === 0
        ? "It became older than the partner's settings allow."
        : `${listed(changedPaths)} now says something else than what was verified.`,
    substitution: ({ changedPaths }: Verification) =>
      `${listed(changedPaths)} changed at once: that looks like another person.`,
  },
  verifiedSnapshot: ({ verifiedAt, changedPaths }: Verification) =>
    changedPaths.length === 0
      ? `What was verified at ${verifiedAt} is what counts until it is checked again.`
      : `Until this is settled, what was verified at ${verifiedAt} is what counts for compliance, not the winners of ${listed(changedPaths)}.`,
  duplicateSuspected:
    "Another referenceId of this partner seems to be the same person: idNumber and dob are the same. Nothing is merged or blocked.",
  outputDifference: ({ path, similarity }: OutputDifference) =>
    `The CIP system read ${path} otherwise from the documents: ${DISTANCES[similarity]}.`,
  askedAgain: (path: string, reason: string) => `The CIP system asked for ${path} again (${reason}).`,
  eventuallyDue: ({ policy, paths, by }: EventuallyDue) =>
    `The requirements have grown (${policy}): ${listed(paths)} should be there by ${by}; the user stays verified.`,
  flag: {
    unstable_identity: ({ at, paths }: UserFlag) =>
      `Since ${at} the identity is marked as unstable: the same source changed ${listed(paths)} more than twice in 30 days. Nothing is blocked.`,
    needs_review: ({ at }: UserFlag) => `Since ${at} a person has to look at the identity check.`,
  },

  // A create now: C2, E10, S4
  createRefusedByLink: ({ linkId, status, expiresAt, committedOperationId }: Link) =>
    `A create now would be refused with ACTIVE_LINK_EXISTS: ${linkId} is ${status} and ${
      committedOperationId === null
        ? `lives until ${expiresAt}. ${status === "in_progress" ? "Revoke it with force" : "Revoke it, or send onActive return or replace"}`
        : `committed to ${committedOperationId}. It ends when that transfer does`
    }.`,
  createRefused: ({ code, message }: { code: string; message: string }) =>
    `A create now would be refused with ${code}: ${message}.`,
  createPossible: ({ steps, asksFor }: { steps: readonly Step[]; asksFor: readonly Path[] }) =>
    `A create now would give a link (201). Its page would show ${listed(steps)}${
      steps.includes("confirm") ? "" : ", and offer no transfer"
    }; ${asksFor.length === 0 ? "no data request would be sent" : `a data request would ask for ${listed(asksFor)}`}.`,

  // Data requests: S2, D5, D6, D10, D11, D12
  noLinkYet: "There is no link yet, so nothing was asked of the partner.",
  dataRequest: {
    open: ({ dataRequestId, linkId, remainingFields }: DataRequest) =>
      `${dataRequestId} of ${linkId} waits for ${listed(remainingFields)} from the partner.`,
    partially_answered: ({ dataRequestId, linkId, remainingFields }: DataRequest) =>
      `${dataRequestId} of ${linkId} was answered in part and still waits for ${listed(remainingFields)}.`,
    fulfilled: ({ dataRequestId, linkId }: DataRequest) => `${dataRequestId} of ${linkId} was answered in full.`,
    superseded: ({ dataRequestId, linkId }: DataRequest) =>
      `${dataRequestId} of ${linkId} is settled without an answer: what it asked for came another way.`,
    expired: ({ dataRequestId, linkId }: DataRequest) => `${dataRequestId} expired with ${linkId}.`,
    cancelled: ({ dataRequestId, linkId }: DataRequest) =>
      `${dataRequestId} was cancelled because ${linkId} was revoked.`,
  },
  noDataRequest: {
    waitsForOpening: (linkId: string) =>
      `No data request was sent for ${linkId}: this partner is only asked once the link is opened.`,
    checkRunning: (linkId: string) => `No data request was sent for ${linkId}: the identity check was running.`,
    nothingMissing: (linkId: string) => `No data request was sent for ${linkId}: nothing was missing.`,
    nobodyToTell: (linkId: string) =>
      `No data request was sent for ${linkId}: nobody would have received it, because no webhook endpoint hears user.data_request and the link has no callbackUrl. The page asks the user instead.`,
    nobodyToTellThen: (linkId: string) =>
      `No data request was sent for ${linkId}: at that moment nobody would have received it, or the partner had other settings. The next link asks.`,
  },

  // Transfers: J
  operation: {
    created: ({ operationId, createdAt }: Operation) =>
      `${operationId} was confirmed at ${createdAt}; the payment system has not begun it.`,
    processing: ({ operationId, processingAt }: Operation) =>
      `${operationId} has been processing since ${processingAt ?? "an unknown time"}.`,
    completed: ({ operationId, completedAt }: Operation) =>
      `${operationId} completed at ${completedAt ?? "an unknown time"}.`,
    failed: ({ operationId, failedAt, failureReason }: Operation) =>
      `${operationId} failed at ${failedAt ?? "an unknown time"}${failureReason === null ? "" : ` (${failureReason})`}.`,
    cancelled: ({ operationId, cancelledAt }: Operation) =>
      `${operationId} was cancelled at ${cancelledAt ?? "an unknown time"}.`,
  },
  operationOverdue: (minutes: number) =>
    `It is overdue: its outcome is unknown after more than ${minutes} minutes. No timer resolves it.`,
  operationHeld: "The payment system reported two different outcomes; the first stays until a person has looked.",

  // Who must act
  gap: (gap: { path: Path; reason: string | null; dataRequestId: string | null; linkId: string | null }) =>
    `${gap.path} is missing${gap.reason === null ? ": nobody has said anything about it" : `: the CIP system asked for it again (${gap.reason})`}. ${
      gap.dataRequestId === null
        ? "The partner can send it with a PATCH of the user or the next link"
        : `The partner can answer ${gap.dataRequestId}`
    }${gap.linkId === null ? "" : `, or the user can fill it in on ${gap.linkId}`}.`,
  next: {
    reactivatePartner: "The partner is suspended: until it is let in again, no new step of its users is accepted.",
    review: "Review the identity check: approve, reject for good, or allow another attempt.",
    lookAtFlips: "Look at a source that keeps changing who this user is.",
    lookAtOperation: "Look at the transfer of which the payment system reported two outcomes.",
    liftFinalFailure: "Only a review can reopen this identity check; until then links of this user offer no transfer.",
    answerCheck: (isLate: boolean) => `Report the result of the identity check${isLate ? "; it is overdue" : ""}.`,
    giveData: (paths: readonly string[]) => `Provide ${listed(paths)}.`,
    typeData: (paths: readonly string[]) => `Open the link and fill in ${listed(paths)}.`,
    createLink: "Create a link for the user.",
    startCheck: (state: UserState) =>
      `Open the link and ${state === "cip_verified" || state === "cip_failed" ? "repeat" : "take"} the identity check.`,
    settle: (operationId: string) => `Report the outcome of ${operationId}.`,
    resolveOperation: (operationId: string) =>
      `${operationId} is overdue: find out how it ended, and resolve it by hand.`,
    confirm: "Open the link and confirm the transfer.",
    givePaymentMethod: "Provide paymentMethod.",
    choosePaymentMethod: "Open the link and fill in paymentMethod.",
  },
} as const;

function rankOf(source: Source, others: number): string {
  if (others === 0) return "no other source has spoken of it";
  return `${source} ranks above ${others === 1 ? "the other source that has" : `the ${others} other sources that have`} spoken of it`;
}

function countsNoMore(reverifyBy: string | null, isOver: boolean): string {
  if (reverifyBy === null) return "it no longer counts";
  return isOver ? `it had to be repeated by ${reverifyBy}` : `it has to be repeated by ${reverifyBy}`;
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

function listed(words: readonly string[]): string {
  if (words.length < 2) return words[0] ?? "nothing";
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
