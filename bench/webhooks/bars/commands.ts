import { judged, quantile, spreadOf } from "../figures.ts";
import { createSteadily } from "../links.ts";
import type { BenchContext, BenchFindings, WebhookBenchmark } from "../webhook-benchmark.ts";
import { startWholeSystem } from "../whole-system.ts";

const PER_SECOND = 20;
const SECONDS = 75;
/** As long as new processes compile what they run. */
const WARM_UP_MS = 30_000;

/** Bar 2, the second half: from the partner's request to the webhook that it causes. */
export const commands: WebhookBenchmark = {
  name: "commands",
  sentence: `${PER_SECOND} links a second over HTTP: request sent → webhook delivered`,
  run: async ({ services, say }: BenchContext): Promise<BenchFindings> => {
    const system = await startWholeSystem(services);
    try {
      say(`${PER_SECOND} links a second for ${SECONDS} s`);
      const startedAtMs = Date.now();
      const load = createSteadily(system.links, PER_SECOND);
      await new Promise((resolve) => setTimeout(resolve, SECONDS * 1_000));
      const ids = await load.stop();
      const lost = await system.missing(ids, 20_000);
      const all = await system.receiver.latencies(system.path);
      const latencies = all.flatMap(([sentAtMs, ms]) => (sentAtMs >= startedAtMs + WARM_UP_MS ? [ms] : []));
      const what = `command sent → delivered, ${PER_SECOND}/s`;
      const p95 = { figure: quantile(latencies, 0.95), unit: "ms", must: "at most", limit: 40 } as const;
      const none = { figure: lost.length, unit: "events", must: "at most", limit: 0 } as const;
      return {
        bars: [judged({ bar: 2, what: `${what}, p95`, ...p95 }), judged({ bar: 4, what: `${what}, lost`, ...none })],
        raw: { latencyMs: spreadOf(latencies) },
      };
    } finally {
      await system.stop();
    }
  },
};
