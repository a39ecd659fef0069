import type { Actor } from "../domain/commands.ts";
import type { UserAddress } from "../domain/user/user.ts";
import type { Caller } from "./route.ts";

/** Who asks, for the history: the key, not the person who holds it. */
export function partnerActor({ keyId }: Caller): Actor {
  return { kind: "partner", id: keyId };
}

/** The holder of a link's secret. */
export const WIDGET_ACTOR: Actor = { kind: "user", id: null };

/** The address of a user of the caller. */
export function addressOf({ partner, environment }: Caller, referenceId: string): UserAddress {
  return { partner, environment, referenceId };
}

/** Where a partner reads what became of a command. */
export function commandLocation(commandId: string): string {
  return `/partner/commands/${commandId}`;
}
