import type { Figure, Target } from "./benchmark.ts";
import { median, rounded } from "./webhooks/figures.ts";

/** A figure with its verdict. */
export interface JudgedFigure extends Figure {
  readonly figure: number;
  /** The lowest and the highest round. */
  readonly spread: readonly [number, number];
  /** Null without a target. A figure that is no number is never met. */
  readonly verdict: "met" | "stretch met" | "not met" | null;
}

/** The middle of the rounds, and whether it is what it has to be. */
export function judge(figure: Figure): JudgedFigure {
  const middle = rounded(median(figure.values));
  const spread = [rounded(Math.min(...figure.values)), rounded(Math.max(...figure.values))] as const;
  return {
    ...figure,
    figure: middle,
    spread,
    verdict: figure.target === null ? null : verdictOf(middle, figure.target),
  };
}

function verdictOf(figure: number, { must, limit, stretch }: Target): JudgedFigure["verdict"] {
  const reaches = (bound: number) => (must === "at least" ? figure >= bound : figure <= bound);
  if (stretch !== undefined && reaches(stretch)) return "stretch met";
  return reaches(limit) ? "met" : "not met";
}

/** Round by round, one divided by the other: what disturbs a whole round disturbs both. */
export function ratios(numerators: readonly number[], denominators: readonly number[]): readonly number[] {
  return numerators.map((value, index) => rounded(value / (denominators[index] ?? Number.NaN)));
}
