const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * The documented schedule: after each failure wait 1 min, 5 min, 30 min, 2 h. The first attempt is made at once, so
 * there is one attempt more than there are delays: five.
 */
export const DEFAULT_RETRY_DELAYS_MS: readonly number[] = [MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS];

/** Chance may make a delay longer by at most this part of it; never shorter. */
export const MAX_JITTER = 0.1;

/** A receiver may ask for at most this much patience: planned maintenance is shorter, more is a mistake. */
export const RETRY_AFTER_CAP_MS = 24 * HOUR_MS;

export interface FailedAttempt {
  /** 1 for the first attempt. */
  readonly number: number;
  /** The delays after each failure; null means the documented ones. */
  readonly delaysMs: readonly number[] | null;
  /** What the receiver's Retry-After asked for, from the end of the attempt; null when it said nothing readable. */
  readonly retryAfterMs: number | null;
  /** Chance, 0 inclusive to 1 exclusive, drawn by the caller. */
  readonly random: number;
}

export type NextAttempt = { readonly kind: "retry"; readonly delayMs: number } | { readonly kind: "exhausted" };

/**
 * When to try again after a failure. A Retry-After can only make the wait longer than the schedule says, up to
 * RETRY_AFTER_CAP_MS; jitter comes on top. `exhausted` when every delay is used up: the delivery has failed, stays
 * listed and can be sent again by hand (H6).
 */
export function nextAttempt({ number, delaysMs, retryAfterMs, random }: FailedAttempt): NextAttempt {
  const scheduledMs = (delaysMs ?? DEFAULT_RETRY_DELAYS_MS)[number - 1];
  if (scheduledMs === undefined) return { kind: "exhausted" };
  const askedMs = Math.min(retryAfterMs ?? 0, RETRY_AFTER_CAP_MS);
  const baseMs = Math.max(scheduledMs, askedMs);
  return { kind: "retry", delayMs: baseMs + Math.floor(baseMs * MAX_JITTER * random) };
}
