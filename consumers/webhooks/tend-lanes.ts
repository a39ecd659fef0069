import type { Clock } from "../../runtime/clock.ts";
import type { Log } from "../../runtime/log.ts";
import type { Metrics } from "../../runtime/metrics.ts";
import { createQuietLog } from "../../runtime/quiet-log.ts";
import type { LaneStore } from "../../storage/lane-store.ts";
import type { DeliveryWorker, HeardNews } from "./deliver.ts";
import type { Lanes } from "./lanes.ts";
import { createSteadyLoop, type SteadyLoop } from "./steady-loop.ts";

export interface TendLanesSettings {
  readonly store: LaneStore;
  readonly lanes: Pick<Lanes, "learn" | "setStates" | "stateOf">;
  /** Where probes go, and what is woken when something was let go. */
  readonly worker: () => Pick<DeliveryWorker, "probe" | "wake">;
  readonly leaseMs: number;
  /** What is parked for longer is given up. */
  readonly maxParkedMs: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly metrics: Pick<Metrics, "breakerMoves" | "deliveriesGivenUp">;
  readonly log: Log;
}

/** Looks after lanes whose receivers are away: opens and probes them, parks what is due for them, and lets it go again. */
export interface LaneKeeper extends SteadyLoop {
  /** Hears what an attempt says of its lane. Never throws. */
  readonly heard: (lane: string, news: HeardNews) => void;
}

/** While some lane does not flow, and otherwise. */
const BUSY_MS = 250;
const IDLE_MS = 1_000;
const GIVE_UP_EVERY_MS = 60_000;
const PARKED_AT_ONCE = 1_000;
const PROBES_AT_ONCE = 20;

/** The keeper of one process; several share the work. Survives any outage of Postgres by trying again. */
export function createLaneKeeper(settings: TendLanesSettings): LaneKeeper {
  const { store, lanes, clock, random, log, metrics } = settings;
  const quiet = createQuietLog(log, clock);
  let gaveUpAtMs = clock();

  const giveUpOld = async () => {
    if (clock() - gaveUpAtMs < GIVE_UP_EVERY_MS) return;
    const given = await store.giveUp(clock() - settings.maxParkedMs, PARKED_AT_ONCE);
    metrics.deliveriesGivenUp.inc(given);
    if (given < PARKED_AT_ONCE) gaveUpAtMs = clock();
  };
  const loop = createSteadyLoop({
    ...{ quiet, sentence: "Lanes cannot be looked after", clock, random },
    turn: async () => {
      const isBusy = await tend(settings);
      await giveUpOld();
      return isBusy ? BUSY_MS : IDLE_MS;
    },
  });
  /** Tells Postgres; when that fails the next attempt of the lane will say the same. */
  const tell = async (lane: string, { sign, isProbe, retryAfterMs }: HeardNews, opens: boolean) => {
    const away = { lane, nowMs: clock(), retryAfterMs, random: random() };
    if (sign === "there" && lanes.stateOf(lane) === "open") {
      if (await store.close(lane, clock())) note(lane, "recovering");
    } else if (isProbe && sign === "away") await store.probeFailed(away);
    else if (opens && (await store.open(away))) note(lane, "open");
    else return;
    lanes.setStates(await store.states());
    loop.wake();
  };
  const note = (lane: string, to: "open" | "recovering") => {
    metrics.breakerMoves.inc({ to });
    log.warn({ lane, to }, to === "open" ? "A receiver is away; its lane is parked" : "A receiver is back");
  };
  return {
    ...loop,
    heard: (lane, news) => {
      const opens = lanes.learn(lane, news);
      tell(lane, news, opens).catch((error: unknown) => quiet.warn({ error }, "The state of a lane cannot be kept"));
    },
  };
}

/** One round; says whether there is more to do soon. */
async function tend({ store, lanes, worker, leaseMs, clock }: TendLanesSettings): Promise<boolean> {
  const states = await store.states();
  lanes.setStates(states);
  const all = new Set(states.values());
  if (all.has("open")) {
    await store.park(clock(), PARKED_AT_ONCE);
    worker().probe(await store.probes({ nowMs: clock(), leaseMs, limit: PROBES_AT_ONCE }));
  }
  if (all.has("recovering")) {
    const steps = await store.release(clock());
    if (steps.some(({ released }) => released > 0)) worker().wake();
  }
  return all.size > 0;
}
