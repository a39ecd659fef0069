import type { Link } from "../../domain/link/link.ts";
import { isCommitted, isEnded } from "../../domain/link/states.ts";
import type { ActiveLinkLock, ExpiringLink, LockedLink } from "../active-link-lock.ts";
import type { WorkingUser } from "./working-set.ts";

/** What the locks of the active links have to do for a batch (design.md section 4). */
export interface LockPlan {
  /** Links that begin and are still active when the batch is through. */
  readonly begun: readonly ExpiringLink[];
  readonly ended: readonly LockedLink[];
  /** Links that are committed since this batch (C8). */
  readonly committed: readonly LockedLink[];
  /** Links whose commit was released, and that are still active (C9). */
  readonly released: readonly ExpiringLink[];
}

/** Compares the users as loaded with the users as they are now. */
export function planLocks(users: readonly WorkingUser[]): LockPlan {
  const changes = users.flatMap((user) =>
    user.current.links.map((link) => ({
      user,
      link,
      before: user.loaded.links.find((old) => old.linkId === link.linkId),
    })),
  );
  const moved = changes.filter(({ link, before }) => link !== before);
  const described = ({ user, link }: { user: WorkingUser; link: Link }): ExpiringLink => ({
    address: user.address,
    linkId: link.linkId,
    expiresAt: link.expiresAt,
  });
  const open = moved.filter(({ link }) => !isEnded(link.status));
  const wasCommitted = (before: Link | undefined): boolean => before !== undefined && isCommitted(before);
  return {
    begun: open.filter(({ before }) => before === undefined).map(described),
    ended: moved.filter(({ link, before }) => isEnded(link.status) && before !== undefined).map(described),
    committed: open.filter(({ link, before }) => isCommitted(link) && !wasCommitted(before)).map(described),
    released: open.filter(({ link, before }) => !isCommitted(link) && wasCommitted(before)).map(described),
  };
}

/**
 * Takes the locks of links about to begin. Who else holds one is stale: the rows that were just judged show no other
 * active link, and only this writer makes one. Redis not answering changes nothing: the database has the last word.
 */
export async function takeLocks(
  lock: ActiveLinkLock,
  { begun }: LockPlan,
  onRace: (races: number) => void,
): Promise<void> {
  if (begun.length === 0) return;
  const taken = await lock.take(begun);
  const stale = begun.flatMap((link) => {
    const result = taken.get(link.linkId);
    return result?.held === false ? [{ ...link, staleHolder: result.by }] : [];
  });
  if (stale.length === 0) return;
  onRace(stale.length);
  await lock.replaceStale(stale);
}

/** After the commit: ended links let go, committed ones hold on until they end. */
export async function settleLocks(lock: ActiveLinkLock, plan: LockPlan): Promise<void> {
  if (plan.ended.length > 0) await lock.free(plan.ended);
  if (plan.committed.length > 0) await lock.removeExpiry(plan.committed);
  if (plan.released.length > 0) await lock.restoreExpiry(plan.released);
}
