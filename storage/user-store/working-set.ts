import type { UserRecord } from "../../domain/decision.ts";
import { UNKNOWN_USER } from "../../domain/evolve.ts";
import { addressKey } from "../../domain/user/address-key.ts";
import type { UserAddress } from "../../domain/user/user.ts";
import type { LastConfirmed } from "../entities/user.ts";

/** One user while a batch works on it: as it was loaded, and as the commands so far have left it. */
export interface WorkingUser {
  readonly address: UserAddress;
  readonly loaded: UserRecord;
  current: UserRecord;
  readonly loadedConfirmed: LastConfirmed;
  lastConfirmed: LastConfirmed;
}

/** The users of one batch, by address. */
export interface WorkingSet {
  /** The user of that address; one nobody has heard of yet when it was not loaded. */
  of(address: UserAddress): WorkingUser;
  all(): readonly WorkingUser[];
}

/** Starts with what was loaded for a batch. */
export function createWorkingSet(
  loaded: readonly {
    readonly address: UserAddress;
    readonly record: UserRecord;
    readonly lastConfirmed: LastConfirmed;
  }[],
): WorkingSet {
  const users = new Map<string, WorkingUser>();
  const begin = (address: UserAddress, record: UserRecord, confirmed: LastConfirmed): WorkingUser => {
    const user = { address, loaded: record, current: record, loadedConfirmed: confirmed, lastConfirmed: confirmed };
    users.set(addressKey(address), user);
    return user;
  };
  for (const { address, record, lastConfirmed } of loaded) begin(address, record, lastConfirmed);
  return {
    of: (address) => users.get(addressKey(address)) ?? begin(address, UNKNOWN_USER, {}),
    all: () => [...users.values()],
  };
}

/** An explicit address, so that nothing else of a command travels along. */
export function addressOf({ partner, environment, referenceId }: UserAddress): UserAddress {
  return { partner, environment, referenceId };
}
