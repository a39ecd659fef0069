import type { Benchmark } from "./benchmark.ts";
import { cipResults } from "./measures/cip-results.ts";
import { drain } from "./measures/drain.ts";
import { getUser } from "./measures/get-user.ts";
import { growth } from "./measures/growth.ts";
import { hotUser } from "./measures/hot-user.ts";
import { memory } from "./measures/memory.ts";
import { newLinks } from "./measures/new-links.ts";
import { oneConnection } from "./measures/one-connection.ts";
import { refusedCreates } from "./measures/refused-creates.ts";
import { scaling } from "./measures/scaling.ts";
import { secondLinks } from "./measures/second-links.ts";
import { WEBHOOK_BENCHMARKS } from "./webhooks/benchmarks.ts";
import type { WebhookBenchmark } from "./webhooks/webhook-benchmark.ts";

/** Runs tests that `npm test` runs. */
const TESTS_AGAIN = "proofs";

/** Every benchmark, in the order in which `npm run bench` runs them. */
export const BENCHMARKS: readonly Benchmark[] = [
  newLinks,
  oneConnection,
  secondLinks,
  drain,
  cipResults,
  hotUser,
  refusedCreates,
  getUser,
  memory,
  growth,
  scaling,
  ...WEBHOOK_BENCHMARKS.map(asBenchmark),
];

/** The delivery engine's benchmarks judge bars of their own; here each bar is a figure beside its target. */
function asBenchmark({ name, sentence, run }: WebhookBenchmark): Benchmark {
  return {
    name: `webhooks/${name}`,
    sentence,
    isOnlyByName: name === TESTS_AGAIN,
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
