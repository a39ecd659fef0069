/** A time of Postgres as ISO 8601 in UTC with milliseconds, which is the only form outside storage. */
export function isoTime(stored: string): string {
  return new Date(stored).toISOString();
}

/** The same for a time that may be absent. */
export function isoTimeOrNull(stored: string | null): string | null {
  return stored === null ? null : isoTime(stored);
}
