import { parseArgs } from "node:util";
import type { BenchContext, Benchmark } from "./benchmark.ts";
import { BENCHMARKS } from "./benchmarks.ts";
import { textTable } from "./figure-table.ts";
import { thisMachine } from "./machine.ts";
import { printPages } from "./pages.ts";
import { keepResult, type Result, resultOf } from "./results.ts";
import { startServices } from "./webhooks/own-stack.ts";

const USAGE = `npm run bench [-- NAME… [--quick] [--rounds N]]

Without a name all of them but those that have to be named. A group's name stands for all of the group.

${BENCHMARKS.map(({ name, sentence }) => `  ${name.padEnd(22)} ${sentence}`).join("\n")}

--quick    short rounds, fewer of them; its figures are not kept
--rounds   rounds of every subject, at least 5 by default
--within   minutes after which no other one is begun; what was not begun is told. 31 by default
--minutes  how long each store is away in webhooks/stores-away
--kills    how often each process is killed in webhooks/kills

Needs what npm start needs: Java 21 or newer and Maven. The exit code is 1 when a target is not met or a benchmark broke off.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    rounds: { type: "string" },
    within: { type: "string", default: "31" },
    minutes: { type: "string", default: "0.25" },
    kills: { type: "string", default: "3" },
    help: { type: "boolean", default: false },
  },
});

const QUICK = { rounds: 2, scale: 0.3 };
const FULL = { rounds: 5, scale: 1 };

const chosen = BENCHMARKS.filter(isChosen);
const unknown = positionals.filter((given) => !BENCHMARKS.some((benchmark) => isNamed(benchmark, given)));
if (values.help || unknown.length > 0) {
  for (const name of unknown) console.error(`There is no benchmark ${name}.`);
  console.log(USAGE);
  process.exit(values.help ? 0 : 2);
}
process.exit(await runAll(chosen));

function isChosen(benchmark: Benchmark): boolean {
  if (positionals.length === 0) return benchmark.isOnlyByName !== true;
  return positionals.some((given) => isNamed(benchmark, given));
}

function isNamed({ name }: Benchmark, given: string): boolean {
  return name === given || name.startsWith(`${given}/`);
}

/** Runs them one after the other; one that breaks off, or that there is no time for, is told. Gives the exit code. */
async function runAll(benchmarks: readonly Benchmark[]): Promise<number> {
  const results: Result[] = [];
  const brokenOff: string[] = [];
  const lastBeginMs = Date.now() + Number(values.within) * 60_000;
  const tooLate: string[] = [];
  for (const benchmark of benchmarks) {
    if (Date.now() > lastBeginMs) {
      tooLate.push(benchmark.name);
      continue;
    }
    console.error(`${benchmark.name}: ${benchmark.sentence}`);
    try {
      const result = await runOne(benchmark);
      if (!values.quick) await keepResult(result);
      results.push(result);
      console.error(`  ${Math.round(result.seconds)} s\n${textTable([result])}\n`);
    } catch (error) {
      console.error(`${benchmark.name} broke off:`, error);
      brokenOff.push(benchmark.name);
    }
  }
  if (!values.quick) await printPages();
  console.log(textTable(results));
  if (brokenOff.length > 0) console.log(`\nbroke off: ${brokenOff.join(", ")}`);
  if (tooLate.length > 0) console.log(`\nno time was left for: ${tooLate.join(", ")}`);
  const isMissed = results.some(({ figures }) => figures.some(({ verdict }) => verdict === "not met"));
  return brokenOff.length + tooLate.length > 0 || isMissed ? 1 : 0;
}

/** On services of its own: what one benchmark leaves behind does not slow the next. */
async function runOne(benchmark: Benchmark): Promise<Result> {
  const startedAtMs = Date.now();
  const machine = thisMachine();
  const services = await startServices();
  const size = values.quick ? QUICK : FULL;
  const rounds = values.rounds === undefined ? size.rounds : Number(values.rounds);
  const context: BenchContext = {
    ...{ services, rounds, scale: size.scale },
    ...{ minutes: Number(values.minutes), kills: Number(values.kills) },
    say: (sentence) => console.error(`  ${sentence}`),
  };
  try {
    const findings = await benchmark.run(context);
    const at = new Date(startedAtMs).toISOString();
    return resultOf(benchmark, findings, { at, seconds: (Date.now() - startedAtMs) / 1_000, machine, rounds });
  } finally {
    await services.stop();
  }
}
