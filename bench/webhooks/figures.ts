/** One bar of the table: a figure beside what it must be. */
export interface BarFigure {
  /** The bar's number in bench/webhooks/README.md. */
  readonly bar: number;
  readonly what: string;
  readonly figure: number;
  readonly unit: string;
  readonly must: "at most" | "at least";
  readonly limit: number;
  readonly isMet: boolean;
}

/** Compares a figure with its limit; a figure that is no number is never met. */
export function judged(bar: Omit<BarFigure, "isMet">): BarFigure {
  const { figure, limit, must } = bar;
  return { ...bar, isMet: must === "at most" ? figure <= limit : figure >= limit };
}

/** The value below which `part` (0..1) of the values lie; NaN of none. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN;
}

/** The middle of some figures; NaN of none. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export interface Spread {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** What is kept of many latencies, in their unit, to the hundredth. */
export function spreadOf(values: readonly number[]): Spread {
  const at = (part: number) => rounded(quantile(values, part));
  return { count: values.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

/** To the hundredth. */
export function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
