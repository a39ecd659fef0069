import {
  expireLinkCommand,
  parkHeldResultCommand,
  reverificationDueCommand,
} from "../../consumers/timers/due-commands.ts";
import type { Command } from "../../domain/commands.ts";
import type { UserRecord } from "../../domain/decision.ts";
import { isCommitted, isEnded } from "../../domain/link/states.ts";
import { addDays } from "../../domain/time.ts";
import type { User, UserAddress } from "../../domain/user/user.ts";

const HELD_FOR_MS = 24 * 3_600_000;

/** A moment of the timers, and how long a verification is good for at the partner (B6). */
export interface DueMoment {
  readonly nowMs: number;
  readonly validForDays: number | null;
}

/** The commands that the timers publish about a user at a moment of theirs (storage/queries/due.ts has it in SQL). */
export function dueCommands(address: UserAddress, record: UserRecord, moment: DueMoment): readonly Command[] {
  const { nowMs, validForDays } = moment;
  const links = record.links
    .filter((link) => !isEnded(link.status) && !isCommitted(link) && Date.parse(link.expiresAt) <= nowMs)
    .map(({ linkId, expiresAt }) => expireLinkCommand({ id: linkId, at: expiresAt, address }, nowMs));
  const held = record.heldResults
    .filter(({ heldAt }) => Date.parse(heldAt) <= nowMs - HELD_FOR_MS)
    .map(({ heldResultId, heldAt }) =>
      parkHeldResultCommand({ id: heldResultId, at: heldAt, address }, nowMs, HELD_FOR_MS),
    );
  const checks = reverificationDueAt(record.user, validForDays)
    .filter((at) => Date.parse(at) <= nowMs)
    .map((at) => reverificationDueCommand({ id: record.user?.userId ?? "", at, address }, nowMs));
  return [...links, ...held, ...checks].map(({ command }) => command);
}

/** B5, B6: when a verified user has to be looked at again; nobody, or one moment. */
function reverificationDueAt(user: User | null, validForDays: number | null): readonly string[] {
  if (user?.state !== "cip_verified") return [];
  const reverifyBy = user.cip.verification?.reverifyBy ?? null;
  if (reverifyBy !== null) return [reverifyBy];
  const { verifiedAt } = user.cip;
  return verifiedAt === null || validForDays === null ? [] : [addDays(verifiedAt, validForDays)];
}
