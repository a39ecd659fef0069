import { loadConfig } from "../../../runtime/config.ts";
import { partnerName } from "../events.ts";
import { type BarFigure, judged, rounded, spreadOf } from "../figures.ts";
import { openStage } from "../stage.ts";
import { latenciesOf } from "../tenants.ts";
import type { BenchContext, BenchFindings, WebhookBenchmark } from "../webhook-benchmark.ts";

const ENDPOINTS = 10;
const TIMEOUT_SECONDS = 10;
/** Hung requests, as a multiple of what one process may have in flight. */
const OVERLOAD = 2;
const HUNG_SECONDS = 90;
/** Before and again afterwards, so that a machine that changes meanwhile does not decide. */
const CALM_SECONDS = 25;
const WARM_UP_MS = 5_000;

/** Bar 1: endpoints that never answer, more of their requests than the process may have in flight at all. */
export const isolation: WebhookBenchmark = {
  name: "isolation",
  sentence: "p99 of healthy endpoints beside 2 and 4 of 10 that hang, against the same rate without them",
  run,
};

async function run(context: BenchContext): Promise<BenchFindings> {
  const bars: BarFigure[] = [];
  const raw: Record<string, unknown> = {};
  for (const hanging of [2, 4]) {
    const before = await measure(context, { hanging, seconds: CALM_SECONDS, areThere: false });
    const beside = await measure(context, { hanging, seconds: HUNG_SECONDS, areThere: true });
    const after = await measure(context, { hanging, seconds: CALM_SECONDS, areThere: false });
    const calm = spreadOf([...before.latencies, ...after.latencies]);
    const hung = spreadOf(beside.latencies);
    context.say(`${hanging} hanging: p99 ${hung.p99} ms, without ${calm.p99} ms`);
    const what = `healthy p99 with ${hanging} of ${ENDPOINTS} hanging (${calm.p99} → ${hung.p99} ms)`;
    const figure = rounded(hung.p99 / calm.p99);
    bars.push(judged({ bar: 1, what, figure, unit: "×", must: "at most", limit: 1.2 }));
    raw[`${hanging} of ${ENDPOINTS}`] = { calm, hung, runs: [before, beside, after].map(withoutLatencies) };
  }
  return { bars, raw };
}

interface Load {
  readonly hanging: number;
  readonly seconds: number;
  /** Whether the hanging endpoints are there at all: the healthy ones get the same rate either way. */
  readonly areThere: boolean;
}

interface Measured {
  readonly perSecond: number;
  readonly latencies: readonly number[];
  readonly hungRequests: number;
  readonly generatorLateMs: number;
}

function withoutLatencies({ latencies, ...run }: Measured) {
  return { ...run, latencyMs: spreadOf(latencies) };
}

async function measure({ services, say }: BenchContext, load: Load): Promise<Measured> {
  const stage = await openStage(services);
  try {
    const healthy = ENDPOINTS - load.hanging;
    const paths = Array.from({ length: load.areThere ? ENDPOINTS : healthy }, (_, index) => `/${index}`);
    for (const [index, path] of paths.entries()) {
      await stage.addPartner(partnerName(index));
      await stage.addEndpoint(partnerName(index), { path });
      if (index >= healthy) await stage.receiver.behave({ [path]: { kind: "hang" } });
    }
    await stage.startConsumers(["webhooks"], { WEBHOOK_TIMEOUT_MS: String(TIMEOUT_SECONDS * 1_000) });
    const perEndpoint = (OVERLOAD * inFlightCap(stage.environment)) / TIMEOUT_SECONDS / load.hanging;
    const perSecond = perEndpoint * paths.length;
    say(`${rounded(perSecond)} events/s over ${paths.length} endpoints for ${load.seconds} s`);
    const events = Math.round(perSecond * load.seconds);
    const plan = { partners: paths.length, users: 1_000, bytes: 1_000, events, perSecond };
    const report = await stage.generate(plan);
    const latencies = await latenciesOf(stage, paths.slice(0, healthy), report.startedAtMs + WARM_UP_MS);
    const counts = await stage.receiver.counts();
    const hungRequests = paths.slice(healthy).reduce((sum, path) => sum + (counts[path]?.requests ?? 0), 0);
    return { perSecond: rounded(perSecond), latencies, hungRequests, generatorLateMs: report.latestMs };
  } finally {
    await stage.stop();
  }
}

/** What one process may have in flight, as the configuration says. */
function inFlightCap(environment: Readonly<Record<string, string>>): number {
  return loadConfig(environment).webhookConcurrency;
}
