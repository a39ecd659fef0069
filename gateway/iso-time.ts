import type { Clock } from "../runtime/clock.ts";

/** The present moment as ISO 8601 UTC with milliseconds. */
export function isoTime(clock: Clock): string {
  return new Date(clock()).toISOString();
}

/** The present day in UTC, `YYYY-MM-DD`. */
export function isoDay(clock: Clock): string {
  return isoTime(clock).slice(0, 10);
}
