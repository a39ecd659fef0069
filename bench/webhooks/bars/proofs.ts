import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BarFigure, judged } from "../figures.ts";
import type { BenchContext, BenchFindings, WebhookBenchmark } from "../webhook-benchmark.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");
/** As titles of tests name bars: "bar 8 …", "bars 4 and 5 …". */
const NAMES_BARS = /\bbars? (\d+(?:(?:, | and )\d+)*)/;

/** The bars whose proof is a test rather than a measurement: every test whose title names one is run. */
export const proofs: WebhookBenchmark = {
  name: "proofs",
  sentence: "the tests whose titles name a bar, run and counted",
  run,
};

async function run({ say }: BenchContext): Promise<BenchFindings> {
  const files = await filesThatNameBars();
  say(`running the tests of bars in ${files.length} files`);
  const results = await runTests(files);
  const byBar = Map.groupBy(
    results.flatMap((result) => barsIn(result.title).map((bar) => ({ bar, ...result }))),
    ({ bar }) => bar,
  );
  const bars = [...byBar].toSorted(([left], [right]) => left - right).map(([bar, tests]) => barOf(bar, tests));
  return { bars, raw: { tests: results } };
}

interface TestResult {
  readonly title: string;
  readonly isPassed: boolean;
}

function barOf(bar: number, tests: readonly TestResult[]): BarFigure {
  const figure = tests.filter(({ isPassed }) => !isPassed).length;
  const what = tests.length === 1 ? "its test, failed" : `its ${tests.length} tests, failed`;
  return judged({ bar, what, figure, unit: "tests", must: "at most", limit: 0 });
}

function barsIn(title: string): readonly number[] {
  return NAMES_BARS.exec(title)?.[1]?.match(/\d+/g)?.map(Number) ?? [];
}

async function filesThatNameBars(): Promise<readonly string[]> {
  const entries = await readdir(join(ROOT, "test"), { recursive: true });
  const tests = entries.filter((entry) => entry.endsWith(".test.ts")).map((entry) => join("test", entry));
  const texts = await Promise.all(tests.map((file) => readFile(join(ROOT, file), "utf8")));
  return tests.filter((_, index) => /["`](?:[^"`\n]* )?bars? \d/.test(texts[index] ?? ""));
}

/** Vitest starts a stack of its own for them. */
async function runTests(files: readonly string[]): Promise<readonly TestResult[]> {
  const folder = await mkdtemp(join(tmpdir(), "bars-"));
  try {
    const output = join(folder, "results.json");
    const chosen = ["-t", "bars? [0-9]", "--reporter=json", `--outputFile=${output}`];
    const program = join(ROOT, "node_modules/vitest/vitest.mjs");
    const child = spawn(process.execPath, [program, "run", ...files, ...chosen], { cwd: ROOT, stdio: "ignore" });
    await once(child, "exit");
    return toResults(JSON.parse(await readFile(output, "utf8")));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What is used of vitest's report. */
interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

function toResults({ testResults }: Report): readonly TestResult[] {
  return testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ fullName, status }) => barsIn(fullName).length > 0 && !["skipped", "pending"].includes(status))
    .map(({ fullName, status }) => ({ title: fullName, isPassed: status === "passed" }));
}
