import { PATHS, type Path } from "../../domain/user/fields.ts";
import { outranks, winnerOf } from "../../domain/user/precedence.ts";
import type { User } from "../../domain/user/user.ts";
import { isSame } from "../same.ts";
import type { Happened } from "./check-moves.ts";
import { insist } from "./violation.ts";

/** P2: a word of a source never changes a winner that a higher source holds. */
export function checkPrecedence({ event, before, after }: Happened): void {
  if (event.type !== "user.data_updated" || before.user === null || after.user === null) return;
  for (const path of PATHS) {
    const held = winnerOf(before.user, path);
    if (held === null || !outranks(held.source, event.data.source)) continue;
    const now = winnerOf(after.user, path);
    insist(isSame(held, now), "P2", () => `${path} of ${held.source} was changed by ${event.data.source}`);
  }
}

/** P7: the payment method that counts is, byte for byte, one that somebody sent. */
export function checkPaymentMethod(user: User | null, sent: ReadonlySet<string>): void {
  const value = user === null ? null : (winnerOf(user, "paymentMethod" satisfies Path)?.value ?? null);
  insist(value === null || sent.has(JSON.stringify(value)), "P7", () => "the payment method was sent by nobody");
}
