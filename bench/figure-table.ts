import type { Result } from "./results.ts";
import type { JudgedFigure } from "./statistics.ts";

const HEAD = ["benchmark", "figure", "median", "lowest – highest", "target", ""];

/** Every figure beside its target: columns of text for a terminal. */
export function textTable(results: readonly Result[]): string {
  const rows = [HEAD, ...results.flatMap(rowsOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
  return rows.map((row) => line(row).trimEnd()).join("\n");
}

/** The same as a table in Markdown. */
export function markdownTable(results: readonly Result[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const separator = `|${HEAD.map(() => " --- |").join("")}`;
  return [line(HEAD), separator, ...results.flatMap(rowsOf).map(line)].join("\n");
}

function rowsOf({ benchmark, figures }: Result): readonly (readonly string[])[] {
  return figures.map((figure) => [
    benchmark,
    figure.what,
    `${numeral(figure.figure)} ${figure.unit}`.trim(),
    figure.values.length < 2 ? "" : figure.spread.map(numeral).join(" – "),
    targetOf(figure),
    figure.verdict === "not met" ? "NOT MET" : (figure.verdict ?? ""),
  ]);
}

function targetOf({ target, unit }: JudgedFigure): string {
  if (target === null) return "";
  const sign = target.must === "at least" ? "≥" : "≤";
  const stretch = target.stretch === undefined ? "" : ` (stretch ${numeral(target.stretch)})`;
  return `${sign} ${numeral(target.limit)}${stretch} ${unit}`.trim();
}

/** Up to 100 with two decimals, above without; NaN of what could not be measured stays to be seen. */
function numeral(value: number | null): string {
  if (value === null || Number.isNaN(value)) return "none";
  return value.toLocaleString("en", { maximumFractionDigits: Math.abs(value) < 100 ? 2 : 0 });
}
