import type { Change } from "../change.ts";
import type { ApplyCipResult, ApplyOperationUpdate } from "../commands.ts";
import type { HeldResult } from "../decision.ts";
import type { Values } from "../user/fields.ts";

/** B2: keeps a result that names nothing we know; the same message twice is held once (B3). */
export function hold(change: Change, command: ApplyCipResult | ApplyOperationUpdate): void {
  const held: HeldResult["held"] =
    command.type === "ApplyCipResult"
      ? { kind: "cip_result", ...command.payload, ...outputsOf(command) }
      : { kind: "operation_update", update: command.payload };
  const known = change.record().heldResults;
  if (known.some((other) => identityOf(other.held) === identityOf(held))) return;
  change.holdResults([...known, { heldResultId: change.context.newId("held"), heldAt: change.at, held }]);
}

function outputsOf({ values }: ApplyCipResult): { readonly verifiedOutputs?: Values } {
  return Object.keys(values).length === 0 ? {} : { verifiedOutputs: values };
}

function identityOf(held: HeldResult["held"]): string {
  const { provider, providerEventId } = held.kind === "cip_result" ? held.result : held.update;
  return JSON.stringify([held.kind, provider, providerEventId]);
}
