import type { Change } from "../change.ts";
import type { ApplyCipResult, ApplyOperationUpdate } from "../commands.ts";
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
    if (held.kind === "cip_result") applyToAttempt(change, attempt.attemptId, held.result);
  }
}

/** B2: keeps a result that names nothing we know; the same message twice is held once (B3). */
export function hold(change: Change, command: ApplyCipResult | ApplyOperationUpdate): void {
  const held: HeldResult["held"] =
    command.type === "ApplyCipResult"
      ? { kind: "cip_result", attemptId: command.payload.attemptId, result: command.payload.result }
      : { kind: "operation_update", update: command.payload };
  const known = change.record().heldResults;
  if (known.some((other) => identityOf(other.held) === identityOf(held))) return;
  change.holdResults([...known, { heldResultId: change.context.newId("held"), heldAt: change.at, held }]);
}

function identityOf(held: HeldResult["held"]): string {
  const { provider, providerEventId } = held.kind === "cip_result" ? held.result : held.update;
  return JSON.stringify([held.kind, provider, providerEventId]);
}
