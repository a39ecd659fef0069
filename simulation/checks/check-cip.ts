import type { UserRecord } from "../../domain/decision.ts";
import type { Happened } from "./check-moves.ts";
import { insist } from "./violation.ts";

/** B4: a final failure is sticky: nobody but an operator moves the user out of it. */
export function checkFinalFailure({ event, before, after }: Happened): void {
  const isLifted = before.user?.cip.isFinal === true && after.user?.cip.isFinal === false;
  insist(!isLifted || event.actor.kind === "operator", "B4", () => `${event.type} lifted a final failure`);
}

/** B4, B5, B9: what the user says of its identity check agrees with its state and its attempts. */
export function checkCip({ user, attempts, heldResults }: UserRecord): void {
  if (user === null) return;
  const { state, cip } = user;
  const attempt = attempts.find(({ status }) => status === "open");
  const open = attempt?.attemptId ?? null;
  insist(cip.currentAttemptId === open, "B9", () => `the current attempt is ${cip.currentAttemptId}, open is ${open}`);
  const isMeant = heldResults.some(({ held }) => held.kind === "cip_result" && held.attemptId === null);
  // A review was begun by new data, not by a person: what was said of the data before is not meant for it.
  insist(
    attempt === undefined || attempt.kind === "review" || !isMeant,
    "B2",
    () => `a result waits although ${open} is open`,
  );
  const hasFailed = state === "cip_failed";
  insist(!hasFailed || (cip.verification === null && cip.verifiedAt === null), "B5", () => "a failed user is verified");
  const isVerified = state === "cip_verified";
  insist(!isVerified || cip.verification !== null, "B5", () => "a verified user has no verification");
  insist(!isVerified || cip.verifiedAt !== null, "B5", () => "a verified user was verified at no time");
  const isDated = cip.verification?.current !== false || cip.verification.reverifyBy !== null;
  insist(isDated || !isVerified, "B5", () => "a check has to be repeated by no date");
  insist(!cip.isFinal || hasFailed, "B4", () => `a user failed for good is ${state}`);
}
