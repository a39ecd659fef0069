import type { Change } from "../change.ts";
import { closeDataRequest } from "../data-request/close.ts";
import { PATHS, type Path, type Values } from "../user/fields.ts";
import { moveUser } from "../user/move-user.ts";
import { missingFields } from "../user/required-fields.ts";
import type { CipFailure } from "../user/user.ts";
import type { CipAttempt, CipResult, SeenResult } from "./attempt.ts";
import { flagUsedUp } from "./attempts-left.ts";
import { compareWithVerified } from "./compare.ts";

/**
 * B3, B4: what a result does to a known attempt. A repeat changes nothing; a first word applies; a later word applies
 * only with a higher revision on the newest attempt; everything else is recorded, or held for a person where the
 * provider contradicts itself.
 */
export function applyToAttempt(change: Change, attemptId: string, { result, verifiedOutputs }: ProviderWord): void {
  const attempt = change.record().attempts.find((candidate) => candidate.attemptId === attemptId);
  if (attempt === undefined) throw new Error("a result was applied to an attempt that is not loaded");
  if (isRepeat(attempt, result)) return;
  const effect = effectOf(change, attempt, result);
  const seen: SeenResult = {
    provider: result.provider,
    providerEventId: result.providerEventId,
    outcome: result.outcome,
    revision: result.revision,
    at: change.at,
    effect,
  };
  if (effect === "applied") apply(change, attempt, { result, seen, ...outputsOf(verifiedOutputs) });
  else record(change, attempt, { seen, dueFields: {} });
}

/** What the provider said, and what it read from documents (A10). */
export interface ProviderWord {
  readonly result: CipResult;
  readonly verifiedOutputs: Values;
}

interface Outputs {
  readonly verifiedOutputs?: Values;
}

/** An event says nothing of outputs that are not there. */
function outputsOf(verifiedOutputs: Values): Outputs {
  return Object.keys(verifiedOutputs).length === 0 ? {} : { verifiedOutputs };
}

/** B3: the same message again, or the same word about the same attempt and revision. */
function isRepeat(attempt: CipAttempt, result: CipResult): boolean {
  return attempt.results.some(
    (seen) => isSameMessage(seen, result) || (seen.outcome === result.outcome && seen.revision === result.revision),
  );
}

/** B3: a provider gives each of its messages an id of its own. */
export function isSameMessage(seen: SeenResult, { provider, providerEventId }: CipResult): boolean {
  return seen.provider === provider && seen.providerEventId === providerEventId;
}

function effectOf(change: Change, attempt: CipAttempt, result: CipResult): SeenResult["effect"] {
  if (attempt.status === "open") return "applied";
  const isNewest = change.record().attempts.every(({ number }) => number <= attempt.number);
  if (!isNewest) return "recorded";
  if (attempt.status === result.outcome) return correctsFailure(attempt, result) ? "applied" : "recorded";
  if (attempt.isFinal || isDecidedByOperator(attempt)) return "held_for_review";
  if (result.revision === null || attempt.revision === null) {
    return isReopenable(change, attempt) ? "applied" : "held_for_review";
  }
  return isHigherRevision(attempt, result) ? applicable(change, result) : "recorded";
}

/** B14: what a person decided, no provider overrules. */
function isDecidedByOperator({ results }: CipAttempt): boolean {
  return results.findLast(({ effect }) => effect === "applied")?.decidedBy === "operator";
}

function isHigherRevision(attempt: CipAttempt, { revision }: CipResult): boolean {
  return revision !== null && attempt.revision !== null && revision > attempt.revision;
}

/** B4: a higher revision may give a failure another reason, or make it final; a final one stays what it is. */
function correctsFailure(attempt: CipAttempt, result: CipResult): boolean {
  if (result.outcome !== "failed" || attempt.isFinal || !isHigherRevision(attempt, result)) return false;
  return result.isFinal || failureOf(result).code !== attempt.failure?.code;
}

/** B2: a word after abandonment is no contradiction; the user only has to be where a check can start. */
function isReopenable(change: Change, attempt: CipAttempt): boolean {
  const endedWithoutVerdict = attempt.status === "abandoned" || attempt.status === "needs_data";
  return endedWithoutVerdict && change.user().state === "data_complete";
}

/** A revision may turn a verdict round; it cannot take one back, because no state is left to go to. */
function applicable(change: Change, { outcome }: CipResult): SeenResult["effect"] {
  const { state } = change.user();
  const isVerdict = outcome === "verified" || outcome === "failed";
  const canMove = state === "cip_verified" || state === "cip_failed" || state === "data_complete";
  return isVerdict && canMove ? "applied" : "held_for_review";
}

interface AppliedWord extends Outputs {
  readonly result: CipResult;
  readonly seen: SeenResult;
}

function apply(change: Change, attempt: CipAttempt, word: AppliedWord): void {
  const isRevision = isHigherRevision(attempt, word.result);
  synthesizePending(change, attempt);
  switch (word.result.outcome) {
    case "verified":
      verify(change, attempt, { ...word, isRevision });
      break;
    case "failed":
      fail(change, attempt, { ...word, isRevision });
      break;
    case "needs_data":
      endWithoutVerdict(change, attempt, { seen: word.seen, dueFields: dueFieldsOf(word.result) });
      break;
    case "abandoned":
      endWithoutVerdict(change, attempt, { seen: word.seen, dueFields: {} });
      break;
    default:
      word.result.outcome satisfies never;
  }
}

/** B2: the history never jumps; a missing cip_pending is written and marked as synthesized. */
function synthesizePending(change: Change, attempt: CipAttempt): void {
  if (change.user().state !== "data_complete") return;
  moveUser(change, "cip_pending", "cip_result_received");
  change.emit({
    type: "user.cip_pending",
    data: { ...factsOf(change, attempt), synthesized: true },
    private: { attempt: { ...attempt, status: "open" } },
  });
}

interface Verdict extends AppliedWord {
  readonly isRevision: boolean;
}

function verify(change: Change, attempt: CipAttempt, { seen, isRevision, verifiedOutputs }: Verdict): void {
  moveUser(change, "cip_verified", "cip_verified");
  change.emit({
    type: "user.cip_verified",
    data: { ...factsOf(change, attempt), verifiedAt: change.at, ...revised(isRevision) },
    private: { seen, ...(verifiedOutputs === undefined ? {} : { verifiedOutputs }) },
  });
  closeDataRequest(change, "superseded");
  compareWithVerified(change, PATHS);
}

function fail(change: Change, attempt: CipAttempt, { seen, isRevision, result, verifiedOutputs }: Verdict): void {
  if (change.user().state !== "cip_failed") moveUser(change, "cip_failed", "cip_failed");
  change.emit({
    type: "user.cip_failed",
    data: { ...factsOf(change, attempt), failure: failureOf(result), ...revised(isRevision) },
    private: { seen, isFinal: result.isFinal, ...(verifiedOutputs === undefined ? {} : { verifiedOutputs }) },
  });
  flagUsedUp(change);
}

function failureOf({ reasons, isFinal }: CipResult): CipFailure {
  return { code: reasons[0]?.code ?? "unspecified", retryable: !isFinal };
}

type DueFields = { readonly [path in Path]?: string };

interface Recorded {
  readonly seen: SeenResult;
  readonly dueFields: DueFields;
}

/** B8, B15: the attempt ends without counting as failed; the user goes back to giving data. */
function endWithoutVerdict(change: Change, attempt: CipAttempt, ending: Recorded): void {
  record(change, attempt, ending);
  const isComplete = missingFields(change.user(), change.context.partner.settings).length === 0;
  moveUser(change, isComplete ? "data_complete" : "data_incomplete", `cip_${ending.seen.outcome}`);
}

/** B15: the provider's reason for each field that it wants again. */
function dueFieldsOf(result: CipResult): DueFields {
  const reasonOf = (path: Path): string => result.reasons.find(({ field }) => field === path)?.code ?? "needs_data";
  return Object.fromEntries(result.missingFields.map((path) => [path, reasonOf(path)]));
}

function record(change: Change, attempt: CipAttempt, { seen, dueFields }: Recorded): void {
  const { outcome, effect } = seen;
  change.emit({
    type: "user.cip_result_recorded",
    data: { ...factsOf(change, attempt), outcome, effect },
    private: { seen, status: effect === "applied" ? outcome : attempt.status, dueFields },
  });
}

function factsOf(change: Change, { attemptId }: CipAttempt) {
  const { referenceId, userId } = change.user();
  return { referenceId, userId, attemptId };
}

function revised(isRevision: boolean): { readonly revised?: true } {
  return isRevision ? { revised: true } : {};
}
