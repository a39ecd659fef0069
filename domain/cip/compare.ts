import type { Change } from "../change.ts";
import { addDays } from "../time.ts";
import type { Path } from "../user/fields.ts";
import type { Verification, VerificationChange } from "../user/user.ts";
import { changeOf, isTooOld, verifiedDifferences } from "../user/verification.ts";
import { endOverdueVerification } from "./overdue.ts";
import { startAttempt } from "./start-attempt.ts";

/**
 * B5, D7: what it means for a verified user that the winners at `changedNow` changed, or that a result came for evidence
 * which they have left meanwhile. Cosmetic and additive changes are noted; a material one has to be checked again within
 * the partner's days of grace, counted from the first; another person is checked at once, for an operator to see (B14).
 * What waited for an attempt (B2) is not applied to that check: it was said of the person before.
 */
export function compareWithVerified(change: Change, changedNow: readonly Path[]): void {
  const user = change.user();
  const { verification } = user.cip;
  if (user.state !== "cip_verified" || verification === null) return;
  const differences = verifiedDifferences(user);
  const found = { change: changeOf(differences, changedNow), changedPaths: differences.map(({ path }) => path) };
  const next = { ...verification, ...found, ...deadlineOf(change, verification, found.change) };
  note(change, verification, next);
  if (found.change === "substitution") {
    startAttempt(change, { kind: "review", linkId: null, reason: "identity_substituted" });
  } else {
    endOverdueVerification(change);
  }
}

type Deadline = Pick<Verification, "current" | "reverifyBy"> & Partial<Pick<Verification, "change" | "changedPaths">>;

/** B6: what became too old stays so, whatever else changes back. */
function deadlineOf(change: Change, before: Verification, kind: VerificationChange | null): Deadline {
  const { settings } = change.context.partner;
  if (kind === "substitution") return { current: false, reverifyBy: null };
  if (kind === "material") {
    return { current: false, reverifyBy: before.reverifyBy ?? addDays(change.at, settings.reverifyGraceDays) };
  }
  if (before.current || !isTooOld(change.user(), settings, change.at)) return { current: true, reverifyBy: null };
  return { current: false, reverifyBy: before.reverifyBy, change: "material", changedPaths: [] };
}

/** Says so when something is not as it was. */
function note(change: Change, before: Verification, next: Verification): void {
  const isSame =
    before.current === next.current &&
    before.reverifyBy === next.reverifyBy &&
    before.change === next.change &&
    before.changedPaths.join() === next.changedPaths.join();
  if (isSame) return;
  const { referenceId, userId } = change.user();
  const { attemptId, current, reverifyBy, changedPaths: paths } = next;
  change.emit({
    type: "user.verification_changed",
    data: { referenceId, userId, attemptId, current, reverifyBy, change: next.change, paths },
    private: null,
  });
}
