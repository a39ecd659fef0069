import { expireLinkCommand, parkHeldResultCommand } from "../../consumers/timers/due-commands.ts";
import type { Command } from "../../domain/commands.ts";
import type { UserRecord } from "../../domain/decision.ts";
import { isCommitted, isEnded } from "../../domain/link/states.ts";
import type { UserAddress } from "../../domain/user/user.ts";

const HELD_FOR_MS = 24 * 3_600_000;

/** The commands that the timers publish about a user at a moment of theirs (storage/queries/due.ts has it in SQL). */
export function dueCommands(address: UserAddress, record: UserRecord, nowMs: number): readonly Command[] {
  const links = record.links
    .filter((link) => !isEnded(link.status) && !isCommitted(link) && Date.parse(link.expiresAt) <= nowMs)
    .map(({ linkId, expiresAt }) => expireLinkCommand({ id: linkId, at: expiresAt, address }, nowMs));
  const held = record.heldResults
    .filter(({ heldAt }) => Date.parse(heldAt) <= nowMs - HELD_FOR_MS)
    .map(({ heldResultId, heldAt }) =>
      parkHeldResultCommand({ id: heldResultId, at: heldAt, address }, nowMs, HELD_FOR_MS),
    );
  return [...links, ...held].map(({ command }) => command);
}
