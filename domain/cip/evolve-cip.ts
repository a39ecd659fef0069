import type { UserEvent } from "../events.ts";
import type { Path } from "../user/fields.ts";
import type { UserCip } from "../user/user.ts";
import type { CipAttempt, SeenResult } from "./attempt.ts";

/** What the user says of its identity check after an event. */
export function evolveCip(cip: UserCip, event: UserEvent): UserCip {
  switch (event.type) {
    case "user.cip_pending": {
      const { attempt } = event.private;
      const attempts = Math.max(cip.attempts, attempt.number);
      return { ...cip, attempts, currentAttemptId: attempt.attemptId, failure: null };
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
      };
    case "user.cip_failed":
      return {
        ...cip,
        currentAttemptId: null,
        verifiedAt: null,
        verifiedAttemptId: null,
        failure: event.data.failure,
        isFinal: event.private.isFinal,
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
      return { ...cip, dueFields: without(cip.dueFields, event.data.paths) };
    default:
      return cip;
  }
}

/** B15: a new winner for a field that was asked for again settles it. */
function without(dueFields: UserCip["dueFields"], paths: readonly Path[]): UserCip["dueFields"] {
  return Object.fromEntries(Object.entries(dueFields).filter(([path]) => !paths.includes(path as Path)));
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
      }));
    case "user.cip_failed":
      return amended(attempts, event.data.attemptId, (attempt) => ({
        ...withResult(attempt, event.private.seen, event.at),
        status: "failed",
        failure: event.data.failure,
        isFinal: event.private.isFinal,
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
