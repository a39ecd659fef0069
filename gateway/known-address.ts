import { referenceIdProblem } from "../domain/user/reference-id.ts";
import type { UserAddress } from "../domain/user/user.ts";
import { addressOf } from "./command-origin.ts";
import { notFound } from "./request-refused.ts";
import type { Caller } from "./route.ts";

/**
 * The address of the user that a path names. A referenceId that no user can have (B13) is 404 like every unknown one:
 * no command could carry it.
 */
export function knownAddress(caller: Caller, referenceId: string = ""): UserAddress {
  if (referenceIdProblem(referenceId) !== null) throw notFound();
  return addressOf(caller, referenceId);
}
