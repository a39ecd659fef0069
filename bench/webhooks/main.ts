import { parseArgs } from "node:util";
import { WEBHOOK_BENCHMARKS } from "./benchmarks.ts";
import type { BarFigure } from "./figures.ts";
import { startServices } from "./own-stack.ts";
import { barTable, keepResults } from "./report.ts";
import type { WebhookBenchmark } from "./webhook-benchmark.ts";

const USAGE = `node bench/webhooks/main.ts [NAME…] [--minutes M] [--kills K]

${WEBHOOK_BENCHMARKS.map(({ name, sentence }) => `  ${name.padEnd(12)} ${sentence}`).join("\n")}

--minutes  how long each store is away in stores-away, default 0.25
--kills    how often each process is killed in kills, default 3`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: "string", default: "0.25" },
    kills: { type: "string", default: "3" },
    help: { type: "boolean", default: false },
  },
});
const chosen = positionals.length === 0 ? WEBHOOK_BENCHMARKS : WEBHOOK_BENCHMARKS.filter(isChosen);
if (values.help || chosen.length < positionals.length) {
  console.log(USAGE);
  process.exit(values.help ? 0 : 2);
}
process.exit(await runAll(chosen));

function isChosen({ name }: WebhookBenchmark): boolean {
  return positionals.includes(name);
}

/** Runs them one after the other on services of their own; exit code 1 when a bar is not met or one broke off. */
async function runAll(benchmarks: readonly WebhookBenchmark[]): Promise<number> {
  const services = await startServices();
  const bars: BarFigure[] = [];
  let brokenOff = 0;
  const options = { services, minutes: Number(values.minutes), kills: Number(values.kills) };
  for (const { name, sentence, run } of benchmarks) {
    console.error(`webhooks/${name}: ${sentence}`);
    try {
      const findings = await run({ ...options, say: (line) => console.error(`  ${line}`) });
      await keepResults(name, findings);
      bars.push(...findings.bars);
    } catch (error) {
      console.error(`webhooks/${name} broke off:`, error);
      brokenOff += 1;
    }
  }
  await services.stop();
  console.log(barTable(bars));
  return brokenOff > 0 || bars.some(({ isMet }) => !isMet) ? 1 : 0;
}
