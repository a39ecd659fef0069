/** How Postgres writes times of up to milliseconds when its time zone is UTC. */
const UTC = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,3})?\+00$/;

/**
 * A time of Postgres, or one in epoch milliseconds, as ISO 8601 in UTC with milliseconds. The usual form is not taken apart:
 * a user is loaded with a dozen times, and `Date` takes longer for them than for all that is decided.
 */
export function isoTime(moment: string | number): string {
  if (typeof moment === "number" || !UTC.test(moment)) return new Date(moment).toISOString();
  return `${moment.slice(0, 10)}T${moment.slice(11, 19)}.${moment.slice(20, -3).padEnd(3, "0")}Z`;
}

/** The same for a time that may be absent. */
export function isoTimeOrNull(stored: string | null): string | null {
  return stored === null ? null : isoTime(stored);
}
