import type { Command } from "../../domain/commands.ts";
import { derivedCommandId } from "../../runtime/ids.ts";
import type { Due } from "../../storage/queries/due.ts";
import type { DerivedCommand } from "../publish-commands.ts";

/** How long the users consumer has to deal with what was published before it is asked again under a new id. */
export const ASK_AGAIN_AFTER_MS = 600_000;

/**
 * The command that ends a link whose time has come. Its id follows from the link and its expiresAt, so that any process
 * may publish it, any number of times. A link that is still due ten minutes later (the writer's clock was behind, say,
 * and found it not due) gets another id then: the first one has its decision and would never be looked at again.
 */
export function expireLinkCommand(due: Due, nowMs: number): DerivedCommand {
  const overdueMs = nowMs - Date.parse(due.at);
  const envelope = envelopeOf(due, nowMs, ["ExpireLink", overdueMs]);
  return { causationId: due.id, command: { type: "ExpireLink", ...envelope, payload: { linkId: due.id } } };
}

/** The command that parks a result which was held for `heldForMs` in vain (B2); its id as above. */
export function parkHeldResultCommand(due: Due, nowMs: number, heldForMs: number): DerivedCommand {
  const overdueMs = nowMs - heldForMs - Date.parse(due.at);
  const envelope = envelopeOf(due, nowMs, ["ParkHeldResult", overdueMs]);
  return { causationId: due.id, command: { type: "ParkHeldResult", ...envelope, payload: { heldResultId: due.id } } };
}

/** The command that ends a verification which was not repeated in time, or that has one repeated (B5, B6); as above. */
export function reverificationDueCommand(due: Due, nowMs: number): DerivedCommand {
  const envelope = envelopeOf(due, nowMs, ["MarkReverificationDue", nowMs - Date.parse(due.at)]);
  return {
    causationId: due.id,
    command: { type: "MarkReverificationDue", ...envelope, payload: { reverifyBy: due.at } },
  };
}

function envelopeOf({ id, at, address }: Due, nowMs: number, [type, overdueMs]: readonly [string, number]) {
  const round = Math.max(0, Math.floor(overdueMs / ASK_AGAIN_AFTER_MS));
  return {
    commandId: derivedCommandId(address.partner, type, id, at, round),
    ...address,
    actor: { kind: "timer", id: null },
    issuedAt: new Date(nowMs).toISOString(),
    replyTo: null,
    values: {},
  } as const satisfies Partial<Command>;
}
