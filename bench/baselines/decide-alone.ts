import type { Command } from "../../domain/commands.ts";
import { newId } from "../../runtime/ids.ts";
import type { IdentityHash } from "../../storage/identity-hash.ts";
import type { partnersOf } from "../../storage/user-store/partners.ts";
import { runCommands } from "../../storage/user-store/run-commands.ts";
import { addressOf, type WorkingSet } from "../../storage/user-store/working-set.ts";
import type { Decided } from "./changed-rows.ts";

export interface Loaded {
  readonly users: WorkingSet;
  readonly partnerOf: ReturnType<typeof partnersOf>;
}

export interface DecidingSettings {
  readonly addresses: { readonly widget: string; readonly gateway: string };
  readonly identityHash: IdentityHash;
}

/** Decides one command with the rules of the product, in this process, on what its transaction has loaded. */
export function decideAlone(command: Command, { users, partnerOf }: Loaded, settings: DecidingSettings): Decided {
  const now = new Date().toISOString();
  const { addresses, identityHash } = settings;
  const message = { kind: "command", offset: 0n, traceparent: null, command, poison: null } as const;
  const run = runCommands([message], users, { now, addresses, newId, partnerOf, known: new Map() });
  return { run, now, identityHash, user: users.of(addressOf(command)) };
}
