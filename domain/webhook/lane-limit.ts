/** How many attempts of a lane may be in flight before its receiver has shown what it can take. */
const FIRST_LANE_LIMIT = 8;

/** An answer within so long lets the limit grow; one that takes longer than SLOW_MS makes it smaller. */
const FAST_MS = 1_000;
const SLOW_MS = 5_000;

/** One attempt of a lane that has ended. */
export interface EndedAttempt {
  readonly durationMs: number;
  /** No complete answer came in time. */
  readonly isTimeout: boolean;
  readonly isDelivered: boolean;
  /** How many of the lane were in flight, itself included. */
  readonly inFlight: number;
}

/**
 * The limit after an attempt (webhooks.md 2.2): a fast success while at least half of the limit is in use adds one, up to
 * `most`; a slow success takes one; a timeout halves it, down to one, so that a receiver that hangs holds one slot and
 * not all of them. Failures that come at once leave it: they cost no slot.
 */
export function nextLaneLimit(limit: number, attempt: EndedAttempt, most: number): number {
  const { durationMs, isTimeout, isDelivered, inFlight } = attempt;
  if (isTimeout) return Math.max(1, Math.floor(limit / 2));
  if (!isDelivered) return limit;
  if (durationMs > SLOW_MS) return Math.max(1, limit - 1);
  const isUsed = inFlight * 2 >= limit;
  return durationMs <= FAST_MS && (isUsed || limit < FIRST_LANE_LIMIT) ? Math.min(most, limit + 1) : limit;
}

/** The limit of a lane of which nothing is known, where none may have more than `most`. */
export function firstLaneLimit(most: number): number {
  return Math.min(FIRST_LANE_LIMIT, most);
}

/** Whether a lane counts as failing: it then shares a small part of all slots with the others that do. */
export function isFailing(lane: { readonly limit: number; readonly failures: number }, most: number): boolean {
  return lane.failures > 0 || lane.limit < firstLaneLimit(most);
}
