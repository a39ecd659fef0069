import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { createValidators } from "../schemas/validators.ts";
import { reportLines } from "../simulation/report.ts";
import { type SimulationReport, simulate } from "../simulation/simulate.ts";

/**
 * `npm run simulate -- --seed N --steps M`: exit code 0, or 1 when a property did not hold; then the shortest history is
 * written below test/regressions, where a test replays it.
 */
const { values } = parseArgs({
  options: { seed: { type: "string", default: "1" }, steps: { type: "string", default: "100000" } },
});
const seed = wholeNumber("--seed", values.seed);
const steps = wholeNumber("--steps", values.steps);
const startedAt = performance.now();
let saidAt = startedAt;
const report = await simulate({
  seed,
  steps,
  isValidEvent: createValidators()("messages/user-events"),
  onStep: (step) => {
    if (performance.now() - saidAt < 10_000) return;
    saidAt = performance.now();
    console.log(`${step} of ${steps} steps, ${perSecond(step)} a second`);
  },
});
for (const line of reportLines(report)) console.log(line);
console.log(`${perSecond(report.steps)} steps a second`);
if (report.found !== null) {
  console.log(`written to ${await save(report.found)}; keep it: "npm run format", and commit it with what mends it`);
  process.exitCode = 1;
}

function perSecond(count: number): number {
  return Math.round((count * 1_000) / (performance.now() - startedAt));
}

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  console.error(`${name} must be a whole number, not "${text}"`);
  process.exit(2);
}

async function save(found: NonNullable<SimulationReport["found"]>): Promise<string> {
  const folder = join(import.meta.dirname, "..", "test", "regressions");
  const name = `${found.property.toLowerCase()}-seed-${found.seed}-step-${found.step}.json`;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), `${JSON.stringify(found, null, 2)}\n`);
  return `test/regressions/${name}`;
}
