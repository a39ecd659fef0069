import { judged, quantile, spreadOf } from "../figures.ts";
import { openStage } from "../stage.ts";
import { addTenants, latenciesOf, untilTaken } from "../tenants.ts";
import type { BenchContext, BenchFindings, WebhookBenchmark } from "../webhook-benchmark.ts";

const PER_SECOND = 200;
const SECONDS = 75;
/** The rate is steady, so is what is measured: new processes, the broker's above all, compile what they run for half a minute. */
const WARM_UP_MS = 30_000;
const ENDPOINTS = 10;

/** Bars 2 and 10: how long an event takes from the topic to its endpoint at a steady rate, and over which connections. */
export const latency: WebhookBenchmark = {
  name: "latency",
  sentence: `${PER_SECOND} events a second over ${ENDPOINTS} endpoints: event in the topic → delivered, connections used again`,
  run,
};

async function run({ services, say }: BenchContext): Promise<BenchFindings> {
  const stage = await openStage(services);
  try {
    const paths = await addTenants(stage, ENDPOINTS);
    await stage.startConsumers(["webhooks"]);
    say(`${PER_SECOND} events a second for ${SECONDS} s`);
    const events = PER_SECOND * SECONDS;
    const plan = { partners: ENDPOINTS, users: 1_000, bytes: 1_000 };
    const report = await stage.generate({ ...plan, events, perSecond: PER_SECOND });
    const taken = await untilTaken(stage, paths, { events, withinMs: 20_000 });
    const latencies = await latenciesOf(stage, paths, report.startedAtMs + WARM_UP_MS);
    const counts = Object.values(await stage.receiver.counts());
    const requests = counts.reduce((sum, one) => sum + one.requests, 0);
    const connections = counts.reduce((sum, one) => sum + one.connections, 0);
    const duplicates = counts.reduce((sum, one) => sum + one.duplicates, 0);
    const bar = { bar: 2, unit: "ms", must: "at most" } as const;
    const at = `event in the topic → delivered, ${PER_SECOND}/s over ${ENDPOINTS} endpoints`;
    return {
      bars: [
        judged({ ...bar, what: `${at}, p95`, figure: quantile(latencies, 0.95), limit: 10 }),
        judged({ ...bar, what: `${at}, p99`, figure: quantile(latencies, 0.99), limit: 20 }),
        judged({ bar: 4, what: `${at}, lost`, figure: events - taken, unit: "events", must: "at most", limit: 0 }),
        judged({ bar: 5, what: `${at}, duplicates`, figure: duplicates, unit: "requests", must: "at most", limit: 0 }),
        judged({
          ...{ bar: 10, what: "connections used again on steady endpoints" },
          ...{ figure: 100 * (1 - connections / requests), unit: "%", must: "at least", limit: 95 },
        }),
      ],
      raw: { latencyMs: spreadOf(latencies), requests, connections, duplicates, generatorLateMs: report.latestMs },
    };
  } finally {
    await stage.stop();
  }
}
