import { createQuietLog } from "../../messaging/quiet-log.ts";
import { backoffDelayMs } from "../../runtime/backoff.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Log } from "../../runtime/log.ts";
import type { ReplayStore } from "../../storage/replay-store.ts";
import { createAlarm } from "./alarm.ts";

export interface ReplaysSettings {
  readonly store: ReplayStore;
  /** Called after deliveries were made. */
  readonly onKept: () => void;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}

/** The loop that works through replays and recoveries, one step at a time. */
export interface Replays {
  readonly start: () => void;
  /** Says that a replay may have begun. */
  readonly wake: () => void;
  /** Resolves when the step under way has ended; whoever comes next goes on from there. */
  readonly stop: () => Promise<void>;
}

const POLL_MS = 500;
/** Between two steps, so that several replays and the deliveries themselves get their turn. */
const PAUSE_MS = 20;
const BACKOFF = { firstMs: 100, capMs: 2_000 };

/** The loop of one process; several processes share the work. Survives any outage of Postgres by trying again. */
export function createReplays({ store, onKept, clock, random, log }: ReplaysSettings): Replays {
  const quiet = createQuietLog(log, clock);
  const alarm = createAlarm(clock);
  let isStopping = false;
  let running: Promise<void> | null = null;

  const run = async () => {
    for (let failures = 0; !isStopping; ) {
      try {
        const step = await store.step(clock());
        failures = 0;
        if (step !== null && step.enqueued > 0) onKept();
        await alarm.sleep(step === null ? POLL_MS : PAUSE_MS);
      } catch (error) {
        quiet.warn({ error }, "Replays cannot go on");
        failures += 1;
        await alarm.sleep(backoffDelayMs(BACKOFF, failures, random));
      }
    }
  };
  return {
    start: () => {
      running ??= run();
    },
    wake: alarm.wake,
    stop: async () => {
      isStopping = true;
      alarm.wake();
      await running;
    },
  };
}
