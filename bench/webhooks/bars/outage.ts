import { partnerName } from "../events.ts";
import { type BarFigure, judged, quantile, spreadOf } from "../figures.ts";
import type { Receipt } from "../receiver/ledger.ts";
import { type BenchStage, openStage } from "../stage.ts";
import { untilTaken } from "../tenants.ts";
import type { BenchContext, BenchFindings, WebhookBenchmark } from "../webhook-benchmark.ts";

const PER_SECOND = 20;
const HEALTHY_MS = 5_000;
const AWAY_MS = 40_000;
/** The breaker needs some failures to open. */
const OPENING_MS = 10_000;
const AFTERWARDS_MS = 25_000;
const RATE_LIMIT = 60;
/** A token bucket may let what it holds out at once: the tenth part on top. */
const RATE_TOLERANCE = 1.1;
const PATH = "/0";

/** Bar 11, for real: an endpoint is away while its events go on, and comes back. */
export const outage: WebhookBenchmark = {
  name: "outage",
  sentence: `an endpoint away for ${AWAY_MS / 1_000} s at ${PER_SECOND} events a second, then back: probes only, recovery at its rate limit, live events first`,
  run,
};

async function run({ services, say }: BenchContext): Promise<BenchFindings> {
  const stage = await openStage(services);
  try {
    await stage.addPartner(partnerName(0));
    await stage.addEndpoint(partnerName(0), { path: PATH, rateLimit: RATE_LIMIT });
    await stage.startConsumers(["webhooks"]);
    const events = ((HEALTHY_MS + AWAY_MS + AFTERWARDS_MS) / 1_000) * PER_SECOND;
    const generating = stage.generate({ partners: 1, users: 100, bytes: 1_000, events, perSecond: PER_SECOND });
    const times = await goAwayAndComeBack(stage, say);
    await generating;
    const taken = await untilTaken(stage, [PATH], { events, withinMs: 120_000 });
    const receipts = await stage.receiver.receipts(PATH);
    return { bars: barsOf(receipts, times, events - taken), raw: rawOf(receipts, times) };
  } finally {
    await stage.stop();
  }
}

interface Times {
  readonly awayAtMs: number;
  readonly backAtMs: number;
}

async function goAwayAndComeBack({ receiver }: BenchStage, say: (sentence: string) => void): Promise<Times> {
  await pause(HEALTHY_MS);
  await receiver.behave({ [PATH]: { kind: "answer", status: 503 } });
  const awayAtMs = Date.now();
  say("the endpoint is away");
  await pause(AWAY_MS);
  await receiver.behave({ [PATH]: { kind: "answer", status: 200 } });
  say("the endpoint is back");
  return { awayAtMs, backAtMs: Date.now() };
}

function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}

function barsOf(receipts: readonly Receipt[], { awayAtMs, backAtMs }: Times, lost: number): readonly BarFigure[] {
  const openAtMs = awayAtMs + OPENING_MS;
  const whileOpen = receipts.filter(({ receivedAtMs }) => receivedAtMs >= openAtMs && receivedAtMs < backAtMs);
  const perSecond = (whileOpen.length * 1_000) / (backAtMs - openAtMs);
  const most = mostPerSecond(receipts.filter(({ receivedAtMs }) => receivedAtMs >= backAtMs));
  const live = quantile(liveLatencies(receipts, backAtMs), 0.95);
  const bar = { bar: 11, must: "at most" } as const;
  const limit = RATE_LIMIT * RATE_TOLERANCE;
  return [
    judged({
      ...bar,
      what: "requests to an endpoint that is away, breaker open",
      figure: perSecond,
      unit: "/s",
      limit: 1,
    }),
    judged({
      ...bar,
      what: `most in a second of its recovery, limit ${RATE_LIMIT}/s`,
      figure: most,
      unit: "/s",
      limit,
    }),
    judged({ ...bar, what: "live events beside the recovery, p95", figure: live, unit: "ms", limit: 1_000 }),
    judged({ ...bar, what: "lost over the outage", figure: lost, unit: "events", limit: 0 }),
  ];
}

/** In any second, not only in those of the clock. */
function mostPerSecond(receipts: readonly Receipt[]): number {
  let first = 0;
  let most = 0;
  for (const [last, { receivedAtMs }] of receipts.entries()) {
    while ((receipts[first]?.receivedAtMs ?? receivedAtMs) <= receivedAtMs - 1_000) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

/** When the endpoint answered well for the first time after it was back: from then on its lane recovers. */
function noticedAtMs(receipts: readonly Receipt[], backAtMs: number): number {
  return Math.min(
    ...receipts.filter((one) => one.isTaken && one.receivedAtMs >= backAtMs).map((one) => one.receivedAtMs),
  );
}

/** Events that were made while the backlog was being worked off: a second after that was noticed and later. */
function liveLatencies(receipts: readonly Receipt[], backAtMs: number): readonly number[] {
  const sinceMs = noticedAtMs(receipts, backAtMs) + 1_000;
  return receipts.flatMap(({ sentAtMs, receivedAtMs }) =>
    sentAtMs !== null && sentAtMs >= sinceMs ? [receivedAtMs - sentAtMs] : [],
  );
}

function rawOf(receipts: readonly Receipt[], { awayAtMs, backAtMs }: Times) {
  const backlog = receipts.filter(
    ({ sentAtMs, isTaken }) => isTaken && (sentAtMs ?? 0) >= awayAtMs && (sentAtMs ?? 0) < backAtMs,
  );
  const drainedMs = Math.max(0, ...backlog.map(({ receivedAtMs }) => receivedAtMs)) - backAtMs;
  const perSecond = Map.groupBy(receipts, ({ receivedAtMs }) => Math.floor((receivedAtMs - awayAtMs) / 1_000));
  return {
    backlog: backlog.length,
    backlogDrainedAfterMs: Math.round(drainedMs),
    noticedAfterMs: Math.round(noticedAtMs(receipts, backAtMs) - backAtMs),
    liveLatencyMs: spreadOf(liveLatencies(receipts, backAtMs)),
    requestsBySecondFromAway: [...perSecond].map(([second, group]) => [second, group.length]),
  };
}
