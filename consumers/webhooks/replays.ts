import type { Clock } from "../../runtime/clock.ts";
import type { Log } from "../../runtime/log.ts";
import { createQuietLog } from "../../runtime/quiet-log.ts";
import type { ReplayStore } from "../../storage/replay-store.ts";
import { createSteadyLoop, type SteadyLoop } from "./steady-loop.ts";

export interface ReplaysSettings {
  readonly store: ReplayStore;
  /** Called after deliveries were made. */
  readonly onKept: () => void;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}

/** Works through replays and recoveries, one step at a time; whoever comes next goes on from there. */
export type Replays = SteadyLoop;

const POLL_MS = 500;
/** Between two steps, so that several replays and the deliveries themselves get their turn. */
const PAUSE_MS = 20;

/** The loop of one process; several processes share the work. Survives any outage of Postgres by trying again. */
export function createReplays({ store, onKept, clock, random, log }: ReplaysSettings): Replays {
  return createSteadyLoop({
    ...{ quiet: createQuietLog(log, clock), sentence: "Replays cannot go on", clock, random },
    turn: async () => {
      const step = await store.step(clock());
      if (step !== null && step.enqueued > 0) onKept();
      return step === null ? POLL_MS : PAUSE_MS;
    },
  });
}
