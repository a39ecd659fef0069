const DAY_MS = 86_400_000;
const TABLE = "webhook_attempts";

/**
 * So many days after today get their partition ahead of time, while nothing of them can be there yet. Nobody has to
 * make partitions for a week before attempts begin to gather in the default one.
 */
export const DAYS_AHEAD = 7;

/** A partition to be made: the attempts from `from` on and before `to`, both ISO 8601, one day of UTC. */
export interface AttemptDay {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

export interface AttemptDaysPlan {
  /** The earliest first. */
  readonly create: readonly AttemptDay[];
  /** Names of partitions of which everything is older than the retention. */
  readonly drop: readonly string[];
}

/** What the plan is made from; `existing` are names of partitions, and names of another form stay as they are. */
export interface AttemptDaysState {
  readonly nowMs: number;
  readonly existing: readonly string[];
  /** At least 1. */
  readonly retentionDays: number;
}

/**
 * Which partitions of the attempts are missing, and which are to go. `webhook_attempts_20261128` is a day;
 * `webhook_attempts_before_20261128` is all that was before that day: a default partition that was set aside.
 */
export function planAttemptDays({ nowMs, existing, retentionDays }: AttemptDaysState): AttemptDaysPlan {
  const today = Math.floor(nowMs / DAY_MS);
  const oldestKept = today - retentionDays;
  const known = existing.map((name) => ({ name, span: spanOf(name) }));
  const hasPartition = (day: number) => known.some(({ span }) => span !== null && span.from <= day && day < span.to);
  const wanted = Array.from({ length: DAYS_AHEAD + 1 }, (_, ahead) => today + ahead);
  return {
    create: wanted.filter((day) => !hasPartition(day)).map(toAttemptDay),
    drop: known.filter(({ span }) => span !== null && span.to <= oldestKept).map(({ name }) => name),
  };
}

const NAME = new RegExp(`^${TABLE}_(before_)?(\\d{4})(\\d{2})(\\d{2})$`);

/** The days since 1970 that a partition's name stands for, the last one exclusive; null when it is none of ours. */
function spanOf(name: string): { readonly from: number; readonly to: number } | null {
  const [, before, year, month, date] = NAME.exec(name) ?? [];
  if (year === undefined) return null;
  const day = Date.UTC(Number(year), Number(month) - 1, Number(date)) / DAY_MS;
  // The calendar has no 30 February: Date would take it for a day in March.
  if (digitsOf(day) !== `${year}${month}${date}`) return null;
  return before === undefined ? { from: day, to: day + 1 } : { from: Number.NEGATIVE_INFINITY, to: day };
}

function toAttemptDay(day: number): AttemptDay {
  return { name: `${TABLE}_${digitsOf(day)}`, from: startOf(day), to: startOf(day + 1) };
}

function digitsOf(day: number): string {
  return startOf(day).slice(0, 10).replaceAll("-", "");
}

function startOf(day: number): string {
  return new Date(day * DAY_MS).toISOString();
}
