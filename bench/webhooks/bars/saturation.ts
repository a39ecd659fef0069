import { cpuSeconds } from "../cpu.ts";
import { type BarFigure, judged, median, rounded } from "../figures.ts";
import { SERVICE_NAMES } from "../own-stack.ts";
import { type BenchStage, openStage } from "../stage.ts";
import { addFanOut, addTenants, untilTaken } from "../tenants.ts";
import type { BenchContext, BenchFindings, WebhookBenchmark } from "../webhook-benchmark.ts";

interface Load {
  readonly name: string;
  readonly what: string;
  readonly partners: number;
  readonly endpointsPerEvent: number;
  readonly events: number;
  readonly limits: { readonly perSecond: number; readonly perCpuSecond: number };
}

const ENDPOINTS = 10;
const ROUNDS = 3;
const WARM_UP_EVENTS = 3_000;

const SINGLE: Load = {
  ...{ name: "saturation", what: "saturated from Kafka, 1 kB", partners: ENDPOINTS, endpointsPerEvent: 1 },
  ...{ events: 20_000, limits: { perSecond: 1_700, perCpuSecond: 1_150 } },
};
const FAN_OUT: Load = {
  ...{ name: "fan-out", what: "fan-out 1 → 10, 1 kB", partners: 1, endpointsPerEvent: ENDPOINTS },
  ...{ events: 4_000, limits: { perSecond: 2_500, perCpuSecond: 1_600 } },
};

/** Bar 3 with one endpoint per event, and with ten. */
export const saturation = toBenchmark(SINGLE);
export const fanOut = toBenchmark(FAN_OUT);

function toBenchmark(load: Load): WebhookBenchmark {
  return {
    name: load.name,
    sentence: `${load.what}: deliveries a second and per CPU second`,
    run: (context) => run(load, context),
  };
}

async function run(load: Load, { services, say }: BenchContext): Promise<BenchFindings> {
  const stage = await openStage(services);
  try {
    const paths = load.partners === 1 ? await addFanOut(stage, ENDPOINTS) : await addTenants(stage, ENDPOINTS);
    const consumer = await stage.startConsumers(["webhooks"]);
    const ofServices = SERVICE_NAMES.map((name) => [name, services.of(name).pid]);
    const pids: Readonly<Record<string, number>> = { consumer: consumer.pid, ...Object.fromEntries(ofServices) };
    await round(stage, { load: { ...load, events: WARM_UP_EVENTS / load.endpointsPerEvent }, paths, pids });
    const rounds: Round[] = [];
    while (rounds.length < ROUNDS) {
      const one = await round(stage, { load, paths, pids });
      say(`${rounded(one.perSecond)} deliveries/s, ${rounded(one.perCpuSecond)} per CPU second`);
      rounds.push(one);
    }
    return { bars: barsOf(load, rounds), raw: { rounds } };
  } finally {
    await stage.stop();
  }
}

interface Round {
  readonly deliveries: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly cpuByProcess: Readonly<Record<string, number>>;
  readonly perSecond: number;
  readonly perCpuSecond: number;
  readonly lost: number;
  readonly duplicates: number;
}

interface RoundPlan {
  readonly load: Load;
  readonly paths: readonly string[];
  /** Of everything that counts, by name. */
  readonly pids: Readonly<Record<string, number>>;
}

/**
 * From the first event that the generator makes to the last that the receiver takes; everything but these two counts
 * as processor time: consumer, Postgres, Kafka, Redis and the registry.
 */
async function round(stage: BenchStage, { load, paths, pids }: RoundPlan): Promise<Round> {
  await stage.receiver.forget();
  const before = await cpuOfEach(pids);
  const { partners, events, endpointsPerEvent } = load;
  const { startedAtMs } = await stage.generate({ partners, users: 1_000, bytes: 1_000, events, perSecond: null });
  const expected = events * endpointsPerEvent;
  const deliveries = await untilTaken(stage, paths, { events: expected, withinMs: 90_000 });
  const after = await cpuOfEach(pids);
  const cpuByProcess = Object.fromEntries(
    Object.entries(after).map(([name, seconds]) => [name, rounded(seconds - (before[name] ?? 0))]),
  );
  const used = Object.values(cpuByProcess).reduce((sum, one) => sum + one, 0);
  const counts = Object.values(await stage.receiver.counts());
  const lastAtMs = Math.max(...counts.map((one) => one.lastAtMs ?? 0));
  const seconds = (lastAtMs - startedAtMs) / 1_000;
  return {
    ...{ deliveries, seconds: rounded(seconds), cpuSeconds: rounded(used), cpuByProcess },
    perSecond: deliveries / seconds,
    perCpuSecond: deliveries / used,
    lost: expected - deliveries,
    duplicates: counts.reduce((sum, one) => sum + one.duplicates, 0),
  };
}

async function cpuOfEach(pids: RoundPlan["pids"]): Promise<Readonly<Record<string, number>>> {
  const each = Object.entries(pids).map(async ([name, pid]) => [name, await cpuSeconds([pid])] as const);
  return Object.fromEntries(await Promise.all(each));
}

/** The middle of the rounds counts; what may never happen counts in all of them. */
function barsOf({ what, limits }: Load, rounds: readonly Round[]): readonly BarFigure[] {
  const sum = (pick: (round: Round) => number) => rounds.reduce((total, one) => total + pick(one), 0);
  const perSecond = median(rounds.map((one) => one.perSecond));
  const perCpuSecond = median(rounds.map((one) => one.perCpuSecond));
  const none = { unit: "deliveries", must: "at most", limit: 0 } as const;
  return [
    judged({ bar: 3, what, figure: perSecond, unit: "/s", must: "at least", limit: limits.perSecond }),
    judged({ bar: 3, what, figure: perCpuSecond, unit: "/CPU s", must: "at least", limit: limits.perCpuSecond }),
    judged({ bar: 4, what: `${what}, lost`, figure: sum((one) => one.lost), ...none }),
    judged({ bar: 5, what: `${what}, duplicates`, figure: sum((one) => one.duplicates), ...none }),
  ];
}
