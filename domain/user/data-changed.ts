import type { Change } from "../change.ts";
import { compareWithVerified } from "../cip/compare.ts";
import type { Path, Source } from "./fields.ts";
import { flagUnstableIdentity } from "./identity-flips.ts";

/**
 * What follows from every user.data_updated, whoever caused it: a source that contradicts itself is flagged (A13), and a
 * verified user whose winners at `changedPaths` changed may have to be checked again (B5).
 */
export function afterDataChanged(change: Change, source: Source, changedPaths: readonly Path[]): void {
  flagUnstableIdentity(change, source);
  compareWithVerified(change, changedPaths);
}

/** D7: which of the changed winners the check that is running will not look at. */
export function notInEvidence(
  change: Change,
  changedPaths: readonly Path[],
): { readonly notInEvidence?: readonly Path[] } {
  const paths = changedPaths.filter((path) => path !== "paymentMethod");
  return change.user().state === "cip_pending" && paths.length > 0 ? { notInEvidence: paths } : {};
}
