import type { Actor } from "../commands.ts";
import { type Refusal, refusal } from "../refusals.ts";

/**
 * A11, J6: what an operator says counts only with a reason that says something; a blank one is refused with
 * INVALID_REQUEST. That somebody else speaks as an operator is a bug of the sender.
 */
export function refuseOperator(actor: Actor, reason: string): Refusal | null {
  if (actor.kind !== "operator") throw new Error(`a ${actor.kind} speaks as an operator`);
  if (reason.trim() !== "") return null;
  const message = "The reason field is required";
  return refusal("INVALID_REQUEST", { details: [{ path: "reason", code: "required", message }] }, message);
}
