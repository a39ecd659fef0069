import type { Change } from "../change.ts";
import type { CipAttempt } from "../cip/attempt.ts";

/** The check that an operator's verdict is about: the one that verified a verified user, else the newest. Null: none. */
export function reviewedAttempt(change: Change): CipAttempt | null {
  const { state, cip } = change.user();
  const { attempts } = change.record();
  const newest = attempts.toSorted((a, b) => a.number - b.number).at(-1) ?? null;
  if (state !== "cip_verified") return newest;
  return attempts.find(({ attemptId }) => attemptId === cip.verification?.attemptId) ?? null;
}
