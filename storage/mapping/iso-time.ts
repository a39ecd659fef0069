/** A time of Postgres, or one in epoch milliseconds, as ISO 8601 in UTC with milliseconds. */
export function isoTime(moment: string | number): string {
  return new Date(moment).toISOString();
}

/** The same for a time that may be absent. */
export function isoTimeOrNull(stored: string | null): string | null {
  return stored === null ? null : isoTime(stored);
}
