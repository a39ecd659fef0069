import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { type BarFigure, rounded } from "./figures.ts";
import type { BenchFindings } from "./webhook-benchmark.ts";

const RESULTS = join(import.meta.dirname, "..", "results");

/** Each bar beside its figure, as lines of text. */
export function barTable(bars: readonly BarFigure[]): string {
  const rows = bars
    .toSorted((left, right) => left.bar - right.bar)
    .map(({ bar, what, figure, unit, must, limit, isMet }) => [
      String(bar),
      what,
      `${rounded(figure)} ${unit}`,
      `${must} ${limit} ${unit}`,
      isMet ? "met" : "NOT MET",
    ]);
  const head = ["bar", "what", "figure", "must be", ""];
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
  return [head, widths.map((width) => "-".repeat(width)), ...rows].map((row) => line(row).trimEnd()).join("\n");
}

/** Keeps what a benchmark found, with the machine and the commit it ran on, in bench/results/. */
export async function keepResults(name: string, findings: BenchFindings): Promise<string> {
  const file = join(RESULTS, `webhooks-${name}.json`);
  await mkdir(RESULTS, { recursive: true });
  const [processor] = cpus();
  const machine = {
    processors: `${cpus().length} × ${processor?.model.trim()}`,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
  const result = {
    benchmark: `webhooks/${name}`,
    at: new Date().toISOString(),
    commit: commit(),
    machine,
    ...findings,
  };
  await writeFile(file, `${JSON.stringify(result, null, 2)}\n`);
  return file;
}

/** With a plus behind it when the files differ from the commit. */
function commit(): string {
  const git = (...args: string[]) => execFileSync("git", args, { encoding: "utf8", cwd: RESULTS }).trim();
  const isChanged = git("status", "--porcelain", "--untracked-files=no", "--", "..", ":!.").length > 0;
  return `${git("rev-parse", "--short", "HEAD")}${isChanged ? "+" : ""}`;
}
