import type { UserAddress } from "./user.ts";

/** The key of a user in every user-keyed topic: all that concerns one user is in one partition, in order. */
export function addressKey(address: UserAddress): string {
  return `${address.partner}/${address.environment}/${address.referenceId}`;
}
