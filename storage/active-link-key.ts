import { addressKey } from "../domain/user/address-key.ts";
import type { UserAddress } from "../domain/user/user.ts";

/** Where Redis keeps which link stands in a user's way of a second one. */
export function activeLinkKey(prefix: string, address: UserAddress): string {
  return `${prefix}active-link:${addressKey(address)}`;
}
