import type { Benchmark } from "./benchmark.ts";
import { newLinks } from "./measures/new-links.ts";
import { WEBHOOK_BENCHMARKS } from "./webhooks/benchmarks.ts";
import type { WebhookBenchmark } from "./webhooks/webhook-benchmark.ts";

/** Every benchmark, in the order in which `npm run bench` runs them. */
export const BENCHMARKS: readonly Benchmark[] = [newLinks, ...WEBHOOK_BENCHMARKS.map(asBenchmark)];

/** The delivery engine's benchmarks judge bars of their own; here each bar is a figure beside its target. */
function asBenchmark({ name, sentence, run }: WebhookBenchmark): Benchmark {
  return {
    name: `webhooks/${name}`,
    sentence,
    run: async (context) => {
      const { bars, raw } = await run(context);
      const figures = bars.map(({ bar, what, figure, unit, must, limit }) => ({
        what: `bar ${bar}: ${what}`,
        ...{ unit, values: [figure], target: { must, limit } },
      }));
      return { figures, raw };
    },
  };
}
