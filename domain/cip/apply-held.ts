import type { Change } from "../change.ts";
import type { HeldResult } from "../decision.ts";
import type { CipAttempt } from "./attempt.ts";
import { applyToAttempt } from "./result.ts";

/** B2: results that came before their attempt apply to it the moment it exists. */
export function applyHeldResults(change: Change, attempt: CipAttempt): void {
  const isMeant = ({ held }: HeldResult): boolean =>
    held.kind === "cip_result" && (held.attemptId === null || held.attemptId === attempt.attemptId);
  const meant = change.record().heldResults.filter(isMeant);
  if (meant.length === 0) return;
  change.holdResults(change.record().heldResults.filter((held) => !isMeant(held)));
  for (const { held } of meant) {
    if (held.kind !== "cip_result") continue;
    applyToAttempt(change, attempt.attemptId, { result: held.result, verifiedOutputs: held.verifiedOutputs ?? {} });
  }
}
