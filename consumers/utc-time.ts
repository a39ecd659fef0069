/** A time with any zone as UTC with milliseconds; what Date does not know, such as a leap second, stays as it is. */
export function utcTime(text: string): string {
  const epochMs = Date.parse(text);
  return Number.isNaN(epochMs) ? text : new Date(epochMs).toISOString();
}
