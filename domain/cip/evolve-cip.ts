import type { UserEvent } from "../events.ts";
import type { UserReviewed } from "../review/events.ts";
import type { Path } from "../user/fields.ts";
import type { User, UserCip } from "../user/user.ts";
import type { CipAttempt, SeenResult } from "./attempt.ts";
import { outputDifferences } from "./verified-outputs.ts";

/** What the user says of its identity check after an event; what was verified is domain/cip/evolve-verification.ts. */
export function evolveCip(user: User, event: UserEvent): UserCip {
  const { cip } = user;
  switch (event.type) {
    case "user.cip_pending": {
      const { attempt } = event.private;
      return {
        ...cip,
        attempts: Math.max(cip.attempts, attempt.number),
        currentAttemptId: attempt.attemptId,
        failure: null,
        needsReview: cip.needsReview || attempt.kind === "review",
      };
    }
    case "user.cip_verified":
      return {
        ...cip,
        currentAttemptId: null,
        verifiedAt: event.data.verifiedAt,
        verifiedAttemptId: event.data.attemptId,
        failure: null,
        isFinal: false,
        dueFields: {},
        needsReview: false,
        extraAttempts: 0,
        verifiedOutputDifferences: outputDifferences(user, event.private.verifiedOutputs ?? {}),
        eventuallyDue: null,
      };
    case "user.cip_failed":
      return {
        ...cip,
        currentAttemptId: null,
        verifiedAt: null,
        verifiedAttemptId: null,
        failure: event.data.failure,
        isFinal: event.private.isFinal,
        verifiedOutputDifferences: outputDifferences(user, event.private.verifiedOutputs ?? {}),
      };
    case "user.cip_result_recorded":
      return {
        ...cip,
        currentAttemptId:
          event.data.attemptId === cip.currentAttemptId && event.private.status !== "open"
            ? null
            : cip.currentAttemptId,
        isHeldForReview: cip.isHeldForReview || event.data.effect === "held_for_review",
        dueFields: { ...cip.dueFields, ...event.private.dueFields },
      };
    case "user.data_updated":
      return {
        ...cip,
        dueFields: without(cip.dueFields, newlyWon(event.data)),
        eventuallyDue: stillDue(cip.eventuallyDue, newlyWon(event.data)),
      };
    case "user.flagged":
      return event.data.flag === "needs_review" ? { ...cip, needsReview: true } : cip;
    case "user.policy_applied": {
      const { policy, missingFields, eventuallyDueBy: by } = event.data;
      return { ...cip, eventuallyDue: by === null ? null : { policy, paths: missingFields, by } };
    }
    case "user.reviewed":
      return reviewed(cip, event);
    default:
      return cip;
  }
}

/** What surfaces because a higher source took its word back is nothing new (A4). */
function newlyWon({ paths, removedPaths = [] }: { paths: readonly Path[]; removedPaths?: readonly Path[] }) {
  return paths.filter((path) => !removedPaths.includes(path));
}

/** B15: a new winner for a field that was asked for again settles it. */
function without(dueFields: UserCip["dueFields"], paths: readonly Path[]): UserCip["dueFields"] {
  return Object.fromEntries(Object.entries(dueFields).filter(([path]) => !paths.includes(path as Path)));
}

/** B7: the same for a field that a grown policy wants. */
function stillDue(due: UserCip["eventuallyDue"], paths: readonly Path[]): UserCip["eventuallyDue"] {
  if (due === null) return null;
  const left = due.paths.filter((path) => !paths.includes(path));
  return left.length === 0 ? null : { ...due, paths: left };
}

/** B14: what a decision means by itself; a verdict that follows from it is an event of its own. */
function reviewed(cip: UserCip, { data, private: { extraAttempts } }: UserReviewed): UserCip {
  const settled = { ...cip, needsReview: false, isHeldForReview: false };
  const withRetry = (retryable: boolean) => (cip.failure === null ? null : { ...cip.failure, retryable });
  switch (data.decision) {
    case "approve":
    case "reject_final":
      return settled;
    case "allow_retry":
      return { ...settled, extraAttempts, isFinal: false, failure: withRetry(true) };
    case "reopen":
      return { ...cip, needsReview: true, isFinal: false, failure: withRetry(false) };
    default:
      return data.decision satisfies never;
  }
}

/** The attempts after an event. */
export function evolveAttempts(attempts: readonly CipAttempt[], event: UserEvent): readonly CipAttempt[] {
  switch (event.type) {
    case "user.cip_pending": {
      const { attempt } = event.private;
      return [...attempts.filter(({ attemptId }) => attemptId !== attempt.attemptId), attempt];
    }
    case "user.cip_verified":
      return amended(attempts, event.data.attemptId, (attempt) => ({
        ...withResult(attempt, event.private.seen, event.at),
        status: "verified",
        failure: null,
        isFinal: false,
        verifiedOutputs: event.private.verifiedOutputs ?? attempt.verifiedOutputs,
      }));
    case "user.cip_failed":
      return amended(attempts, event.data.attemptId, (attempt) => ({
        ...withResult(attempt, event.private.seen, event.at),
        status: "failed",
        failure: event.data.failure,
        isFinal: event.private.isFinal,
        verifiedOutputs: event.private.verifiedOutputs ?? attempt.verifiedOutputs,
      }));
    case "user.cip_result_recorded":
      return amended(attempts, event.data.attemptId, (attempt) => ({
        ...withResult(attempt, event.private.seen, event.at),
        status: event.private.status,
      }));
    default:
      return attempts;
  }
}

function amended(
  attempts: readonly CipAttempt[],
  attemptId: string,
  amend: (attempt: CipAttempt) => CipAttempt,
): readonly CipAttempt[] {
  return attempts.map((attempt) => (attempt.attemptId === attemptId ? amend(attempt) : attempt));
}

/** A word that applied or confirms moves the revision; what was held must not outrank a later correction (B4). */
function withResult(attempt: CipAttempt, seen: SeenResult, at: string): CipAttempt {
  const isApplied = seen.effect === "applied";
  const counts = isApplied || seen.outcome === attempt.status;
  const revision = counts && seen.revision !== null ? Math.max(seen.revision, attempt.revision ?? seen.revision) : null;
  return {
    ...attempt,
    results: [...attempt.results, seen],
    revision: revision ?? attempt.revision,
    closedAt: attempt.closedAt ?? (isApplied ? at : null),
  };
}
