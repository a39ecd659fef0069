import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BENCHMARKS } from "./benchmarks.ts";
import { renderCapacity } from "./capacity.ts";
import { markdownTable } from "./figure-table.ts";
import { keptResults, type Result } from "./results.ts";

const README = join(import.meta.dirname, "README.md");
const CAPACITY = join(import.meta.dirname, "..", "docs", "capacity.md");
const BEGIN = "<!-- printed from bench/results by npm run print: begin -->";
const END = "<!-- end -->";

/** Prints the pages that show figures anew from what is kept in bench/results. */
export async function printPages(): Promise<void> {
  await writeFile(README, await renderReadme());
  await writeFile(CAPACITY, await renderCapacity());
}

/** bench/README.md with the table of all kept figures between its two marks; the rest is written by hand. */
export async function renderReadme(): Promise<string> {
  const text = await readFile(README, "utf8");
  const [before, after] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (before === -1 || after === -1) throw new Error(`bench/README.md has lost one of its marks: ${BEGIN} ${END}`);
  const results = await keptResults(BENCHMARKS.map(({ name }) => name));
  const table = results.length === 0 ? "Nothing was kept yet: `npm run bench`." : figures(results);
  return `${text.slice(0, before)}${BEGIN}\n\n${table}\n\n${text.slice(after)}`;
}

function figures(results: readonly Result[]): string {
  const runs = new Set(
    results.map(
      ({ at, machine }) =>
        `${at.slice(0, 10)} at ${machine.commit}, ${machine.processors}, ${machine.memoryGiB} GiB, Node ${machine.node}`,
    ),
  );
  const loads = results.map(({ machine }) => machine.loadAtStart);
  return [
    `Measured ${[...runs].join("; ")}. Load average when they began: ${Math.min(...loads)} to ${Math.max(...loads)}.`,
    "",
    markdownTable(results),
  ].join("\n");
}
