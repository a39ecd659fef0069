const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const CLOCK = "(\\d{2}):(\\d{2}):(\\d{2})";

/** The three forms of an HTTP date that RFC 9110 asks a recipient to accept: today's, RFC 850's and asctime's. */
const DATE_FORMS: readonly RegExp[] = [
  new RegExp(`^[A-Z][a-z]{2}, (?<day>\\d{2}) (?<month>[A-Z][a-z]{2}) (?<year>\\d{4}) (?<clock>${CLOCK}) GMT$`),
  new RegExp(`^[A-Z][a-z]{5,8}, (?<day>\\d{2})-(?<month>[A-Z][a-z]{2})-(?<year>\\d{2}) (?<clock>${CLOCK}) GMT$`),
  new RegExp(`^[A-Z][a-z]{2} (?<month>[A-Z][a-z]{2}) (?<day>[ \\d]\\d) (?<clock>${CLOCK}) (?<year>\\d{4})$`),
];

/**
 * How long a Retry-After header asks us to wait, in milliseconds from `nowMs` (epoch): whole seconds or an HTTP date.
 * A date in the past is 0. Null for what is missing or makes no sense. May be huge: the schedule caps it.
 */
export function retryAfterMs(header: string | null, nowMs: number): number | null {
  const text = header?.trim() ?? "";
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  const atMs = httpDateMs(text, nowMs);
  return atMs === null ? null : Math.max(0, atMs - nowMs);
}

function httpDateMs(text: string, nowMs: number): number | null {
  for (const form of DATE_FORMS) {
    const parts = form.exec(text)?.groups;
    if (parts !== undefined) return dateMs(parts, nowMs);
  }
  return null;
}

function dateMs({ day, month, year, clock }: Record<string, string | undefined>, nowMs: number): number | null {
  const monthNumber = MONTHS.indexOf(month ?? "") + 1;
  const padded = [monthNumber, Number(day)].map((part) => String(part).padStart(2, "0")).join("-");
  const dateText = `${fullYear(year ?? "", nowMs)}-${padded}T${clock}Z`;
  const atMs = Date.parse(dateText);
  return Number.isNaN(atMs) ? null : atMs;
}

/** Two digits mean the year nearest to now that is at most 50 years ahead (RFC 9110). */
function fullYear(year: string, nowMs: number): string {
  if (year.length === 4) return year;
  const presentYear = Number(yearOf(nowMs));
  const sameCentury = Math.floor(presentYear / 100) * 100 + Number(year);
  return String(sameCentury > presentYear + 50 ? sameCentury - 100 : sameCentury).padStart(4, "0");
}

function yearOf(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 4);
}
