import type { Change } from "../change.ts";
import type { CipAttempt, SeenResult } from "../cip/attempt.ts";
import { compareWithVerified } from "../cip/compare.ts";
import { closeDataRequest } from "../data-request/close.ts";
import type { CipVerified } from "../events.ts";
import type { FieldValue, Path } from "../user/fields.ts";
import { moveUser } from "../user/move-user.ts";
import { winnerOf } from "../user/precedence.ts";
import { isCurrentlyVerified } from "../user/verification.ts";
import { reviewedAttempt } from "./reviewed-attempt.ts";

/**
 * B14: a person says that the user is who it claims to be. What counts as verified is the check's evidence, with the
 * winners in place of it where the differences were accepted. For a verified user of whom nothing was open the review
 * itself is all.
 */
export function approve(change: Change, acceptedDifferences: readonly Path[]): void {
  const attempt = reviewedAttempt(change);
  if (attempt === null || isCurrentlyVerified(change.user())) return;
  const { referenceId, userId, state } = change.user();
  const checked = state === "cip_verified" ? change.user().verifiedValues : attempt.evidenceValues;
  const values: { [path in Path]?: FieldValue } = { ...checked };
  for (const path of acceptedDifferences) {
    const value = winnerOf(change.user(), path)?.value ?? null;
    if (value === null) delete values[path];
    else values[path] = value;
  }
  if (state !== "cip_verified") moveUser(change, "cip_verified", "review_approved");
  const { attemptId, notApplicable } = attempt;
  const accepted: CipVerified["private"]["accepted"] = { values, notApplicable };
  change.emit({
    type: "user.cip_verified",
    data: { referenceId, userId, attemptId, verifiedAt: change.at, decidedBy: "operator" },
    private: { seen: wordOf(change, "verified"), accepted },
  });
  closeDataRequest(change, "superseded");
  compareWithVerified(change, []);
}

/** B14, B4: a person says that the check failed for good; only a person can lift that again. */
export function rejectFinally(change: Change): void {
  const attempt = newestAttempt(change);
  const { referenceId, userId, state, cip } = change.user();
  if (state !== "cip_failed") moveUser(change, "cip_failed", "review_rejected");
  const failure = { code: cip.failure?.code ?? "rejected_by_operator", retryable: false };
  change.emit({
    type: "user.cip_failed",
    data: { referenceId, userId, attemptId: attempt.attemptId, failure, decidedBy: "operator" },
    private: { seen: wordOf(change, "failed"), isFinal: true },
  });
}

function newestAttempt(change: Change): CipAttempt {
  const attempt = reviewedAttempt(change);
  if (attempt === null) throw new Error("a review of a check that is not loaded");
  return attempt;
}

function wordOf({ command, at }: Change, outcome: "verified" | "failed"): SeenResult {
  const { commandId: providerEventId } = command;
  const seen = { provider: "operator", providerEventId, outcome, revision: null, at };
  return { ...seen, effect: "applied", decidedBy: "operator" };
}
