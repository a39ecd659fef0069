import type { UserRecord } from "../../domain/decision.ts";
import type { Happened } from "./check-moves.ts";
import { insist } from "./violation.ts";

/** B4: a final failure is sticky: nobody but an operator moves the user out of it. */
export function checkFinalFailure({ event, before, after }: Happened): void {
  const isLifted = before.user?.cip.isFinal === true && after.user?.cip.isFinal === false;
  insist(!isLifted || event.actor.kind === "operator", "B4", () => `${event.type} lifted a final failure`);
}

/** B4, B5, B9: what the user says of its identity check agrees with its state and its attempts. */
export function checkCip({ user, attempts }: UserRecord): void {
  if (user === null) return;
  const { state, cip } = user;
  const open = attempts.find(({ status }) => status === "open")?.attemptId ?? null;
  insist(cip.currentAttemptId === open, "B9", () => `the current attempt is ${cip.currentAttemptId}, open is ${open}`);
  const isVerified = state === "cip_verified";
  insist(!isVerified || cip.verification !== null, "B5", () => "a verified user has no verification");
  insist(!isVerified || cip.verifiedAt !== null, "B5", () => "a verified user was verified at no time");
  const isDated = cip.verification?.current !== false || cip.verification.reverifyBy !== null;
  insist(isDated || !isVerified, "B5", () => "a check has to be repeated by no date");
  insist(!cip.isFinal || state === "cip_failed", "B4", () => `a user failed for good is ${state}`);
}
