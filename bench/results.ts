import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Benchmark, Findings } from "./benchmark.ts";
import type { Machine } from "./machine.ts";
import { type JudgedFigure, judge } from "./statistics.ts";

/** What is kept of a benchmark: `bench/results/NAME.json`, with a dash for the slash of a group. */
export interface Result {
  readonly benchmark: string;
  readonly sentence: string;
  readonly at: string;
  readonly seconds: number;
  readonly machine: Machine;
  readonly rounds: number;
  readonly figures: readonly JudgedFigure[];
  readonly raw: Readonly<Record<string, unknown>>;
}

const FOLDER = join(import.meta.dirname, "results");

/** The result of one run. */
export function resultOf(
  { name, sentence }: Benchmark,
  { figures, raw }: Findings,
  circumstances: Pick<Result, "at" | "seconds" | "machine" | "rounds">,
): Result {
  return { benchmark: name, sentence, ...circumstances, figures: figures.map(judge), raw };
}

/** Keeps a result in the place of the last one. */
export async function keepResult(result: Result): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  await writeFile(join(FOLDER, fileOf(result.benchmark)), `${JSON.stringify(result, null, 2)}\n`);
}

/** Every result that was kept, in the order of these names; others come last. */
export async function keptResults(names: readonly string[]): Promise<readonly Result[]> {
  const files = await readdir(FOLDER).catch(() => []);
  const texts = files.filter((file) => file.endsWith(".json")).map((file) => readFile(join(FOLDER, file), "utf8"));
  const results: Result[] = (await Promise.all(texts)).map((text) => JSON.parse(text));
  const place = ({ benchmark }: Result) => (names.includes(benchmark) ? names.indexOf(benchmark) : names.length);
  return results
    .filter(({ figures }) => figures !== undefined)
    .toSorted((left, right) => place(left) - place(right) || (left.benchmark < right.benchmark ? -1 : 1));
}

function fileOf(benchmark: string): string {
  return `${benchmark.replaceAll("/", "-")}.json`;
}
