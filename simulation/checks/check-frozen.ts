import { isSame } from "../same.ts";
import type { Happened } from "./check-moves.ts";
import { insist } from "./violation.ts";

/** C11, D7, J3, B5: what is settled when something begins stays as it is, whatever happens afterwards. */
export function checkFrozen({ event, before, after }: Happened): void {
  if (before.links !== after.links) {
    for (const [index, { linkId, expiresAt, widgetVersion }] of before.links.entries()) {
      const now = after.links[index];
      insist(now?.linkId === linkId && now.expiresAt === expiresAt, "C7", () => `${event.type} moved ${linkId}`);
      insist(now.widgetVersion >= widgetVersion, "C11", () => `the version of ${linkId} went back`);
    }
  }
  for (const { operationId, paymentMethod } of before.operations) {
    const now = after.operations.find((operation) => operation.operationId === operationId);
    insist(isSame(now?.paymentMethod, paymentMethod), "J3", () => `${event.type} changed where ${operationId} goes`);
  }
  for (const { attemptId, evidence, evidenceValues } of before.attempts) {
    const now = after.attempts.find((attempt) => attempt.attemptId === attemptId);
    const isKept = isSame(now?.evidence, evidence) && isSame(now?.evidenceValues, evidenceValues);
    insist(isKept, "D7", () => `${event.type} changed the evidence of ${attemptId}`);
  }
  checkGrace({ event, before, after });
}

/** B5: the days of grace begin once; later edits do not make them longer. A substitution ends them. */
function checkGrace({ event, before, after }: Happened): void {
  const old = before.user?.cip.verification ?? null;
  const now = after.user?.cip.verification ?? null;
  if (old === null || now === null || old.current || now.current || old.attemptId !== now.attemptId) return;
  const isKept = now.change === "substitution" || old.reverifyBy === now.reverifyBy;
  insist(isKept, "B5", () => `${event.type} moved reverifyBy from ${old.reverifyBy} to ${now.reverifyBy}`);
}
