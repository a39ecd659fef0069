/** How delays between attempts grow. `jitter` 0..1 is the part of a delay that chance may take away. */
export interface Backoff {
  readonly firstMs: number;
  readonly capMs: number;
  readonly factor?: number;
  readonly jitter?: number;
}

/**
 * Milliseconds to wait after attempt number `attempt` (1 is the first): exponential, never above the cap, less chance.
 * Depends on nothing but its arguments, so asking twice changes nothing. `random` gives 0 (inclusive) to 1.
 */
export function backoffDelayMs(backoff: Backoff, attempt: number, random: () => number): number {
  const { firstMs, capMs, factor = 2, jitter = 0.2 } = backoff;
  const delayMs = Math.min(capMs, firstMs * factor ** Math.max(0, attempt - 1));
  return Math.round(delayMs * (1 - jitter * random()));
}
