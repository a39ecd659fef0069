/**
 * When the next attempt of a lane may begin, in epoch milliseconds: now, or when the one before it leaves room.
 * `rateLimit` is in attempts per second; without one it is always now. What was not used is not saved up: a pause is not
 * followed by a burst.
 */
export function nextSlotMs(
  previousSlotMs: number | null,
  nowMs: number,
  { rateLimit }: { readonly rateLimit: number | null },
): number {
  if (rateLimit === null || previousSlotMs === null) return nowMs;
  return Math.max(nowMs, previousSlotMs + 1_000 / rateLimit);
}
