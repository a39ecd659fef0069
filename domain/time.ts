/** Milliseconds since 1970 of an ISO 8601 UTC time. */
export function toMilliseconds(at: string): number {
  return Date.parse(at);
}

/** The ISO 8601 UTC time, with milliseconds, that many milliseconds later. */
export function addMilliseconds(at: string, milliseconds: number): string {
  return new Date(toMilliseconds(at) + milliseconds).toISOString();
}

/** The ISO 8601 UTC time, with milliseconds, that many minutes later. */
export function addMinutes(at: string, minutes: number): string {
  return addMilliseconds(at, minutes * 60_000);
}

/** The ISO 8601 UTC time, with milliseconds, that many days of 24 hours later. */
export function addDays(at: string, days: number): string {
  return addMilliseconds(at, days * 86_400_000);
}

/** Whether a is strictly earlier than b; both ISO 8601 UTC times with milliseconds. */
export function isBefore(a: string, b: string): boolean {
  return toMilliseconds(a) < toMilliseconds(b);
}
