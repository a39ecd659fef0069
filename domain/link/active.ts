import { addMilliseconds, isBefore } from "../time.ts";
import type { Link } from "./link.ts";
import { isActive, isCommitted } from "./states.ts";

/**
 * Whether a create can be refused without asking the writer: the link is active beyond doubt, so that the clocks of two
 * machines do not matter (design.md section 4). When in doubt, false: then the command goes its normal way.
 */
export function isClearlyActive(link: Link, now: string): boolean {
  if (!isActive(link, now)) return false;
  return isCommitted(link) || isBefore(addMilliseconds(now, MARGIN_MS), link.expiresAt);
}

/** More than the clocks of two well-kept machines differ. */
const MARGIN_MS = 5_000;
