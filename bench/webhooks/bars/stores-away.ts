import { type BarFigure, judged, rounded } from "../figures.ts";
import { createSteadily } from "../links.ts";
import type { BenchContext, BenchFindings, WebhookBenchmark } from "../webhook-benchmark.ts";
import { startWholeSystem, type WholeSystem } from "../whole-system.ts";

const PER_SECOND = 5;
const PROBES = 48;
const RECOVER_WITHIN_MS = 120_000;
const STORES = ["postgres", "kafka", "redis"] as const;

/** The consumers' loops that could write log lines: commands, outbox, events, due deliveries, results. */
const LOOPS = 5;

type Store = (typeof STORES)[number];

/** Bar 6: each store goes away for a while (`--minutes`) and comes back; nobody restarts anything. */
export const storesAway: WebhookBenchmark = {
  name: "stores-away",
  sentence: "Postgres, Kafka and Redis away for --minutes each: recovery, log lines, nothing lost",
  run: async (context: BenchContext): Promise<BenchFindings> => {
    const system = await startWholeSystem(context.services);
    try {
      const found: Absence[] = [];
      for (const store of STORES) found.push(await absence(context, system, store));
      return { bars: found.flatMap((one) => barsOf(one, context.minutes)), raw: { absences: found } };
    } finally {
      await system.stop();
    }
  },
};

interface Absence {
  readonly store: Store;
  readonly recoverySeconds: number;
  readonly linesPerSecond: number;
  readonly restarts: number;
  readonly lost: readonly string[];
}

async function absence(context: BenchContext, system: WholeSystem, store: Store): Promise<Absence> {
  const { services, say, minutes } = context;
  const ends = () => system.worker.ownEnds() + system.gateway.ownEnds();
  const [linesBefore, endsBefore] = [await system.logLines(), ends()];
  const load = createSteadily(system.links, PER_SECOND);
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  say(`${store} away for ${minutes} minutes`);
  const awayMs = minutes * 60_000;
  await services.kill(store);
  await new Promise((resolve) => setTimeout(resolve, awayMs));
  const lines = (await system.logLines()) - linesBefore;
  await services.restart(store);
  const recoverySeconds = await recovery(system);
  say(`${store} is back: everything goes on after ${recoverySeconds} s`);
  const lost = await system.missing(await load.stop(), RECOVER_WITHIN_MS);
  const linesPerSecond = rounded(lines / (awayMs / 1_000));
  return { store, recoverySeconds, linesPerSecond, restarts: ends() - endsBefore, lost };
}

/** From the moment the store answers until links of every partition were made and their webhooks delivered. */
async function recovery(system: WholeSystem): Promise<number> {
  const startedAtMs = performance.now();
  const ids = await Promise.all(Array.from({ length: PROBES }, () => system.links.create()));
  const missing = await system.missing(
    ids.filter((id) => id !== null),
    RECOVER_WITHIN_MS,
  );
  return missing.length > 0 ? Number.NaN : rounded((performance.now() - startedAtMs) / 1_000);
}

function barsOf(
  { store, recoverySeconds, linesPerSecond, restarts, lost }: Absence,
  minutes: number,
): readonly BarFigure[] {
  const what = `${store} ${minutes} min away`;
  const none = { bar: 6, must: "at most", limit: 0 } as const;
  const perLoop = rounded(linesPerSecond / LOOPS);
  return [
    judged({ bar: 6, what: `${what}: recovered`, figure: recoverySeconds, unit: "s", must: "at most", limit: 10 }),
    judged({ bar: 6, what: `${what}: log lines per loop`, figure: perLoop, unit: "/s", must: "at most", limit: 1 }),
    judged({ ...none, what: `${what}: processes that ended`, figure: restarts, unit: "processes" }),
    judged({ ...none, what: `${what}: lost`, figure: lost.length, unit: "events" }),
  ];
}
