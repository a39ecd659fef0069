import { backoffDelayMs } from "../../runtime/backoff.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { QuietLog } from "../../runtime/quiet-log.ts";
import { createAlarm } from "./alarm.ts";

export interface SteadyLoopSettings {
  /** One turn; gives how long to sleep until the next, unless woken. */
  readonly turn: () => Promise<number>;
  /** Two turns are at least so far apart, whoever wakes the loop. Default 0. */
  readonly spacingMs?: number;
  /** What cannot be done while turns fail. */
  readonly sentence: string;
  readonly quiet: QuietLog;
  readonly clock: Clock;
  readonly random: () => number;
}

/** A loop that an outage of Postgres only slows down. */
export interface SteadyLoop {
  readonly start: () => void;
  /** Ends the sleep between two turns; costs nothing when said too often. */
  readonly wake: () => void;
  /** Ends it at that time (epoch milliseconds). */
  readonly wakeAt: (atMs: number) => void;
  /** Resolves when the turn under way has ended. */
  readonly stop: () => Promise<void>;
}

const BACKOFF = { firstMs: 100, capMs: 2_000 };

/** Takes turn after turn; after one that fails it tries again, at growing distances up to 2 s, which no waking shortens. */
export function createSteadyLoop(settings: SteadyLoopSettings): SteadyLoop {
  const { turn, spacingMs = 0, sentence, quiet, clock, random } = settings;
  const alarm = createAlarm(clock);
  const stopping = createAlarm(clock);
  let isStopping = false;
  let running: Promise<void> | null = null;

  const run = async () => {
    for (let failures = 0; !isStopping; ) {
      try {
        const sleepMs = await turn();
        failures = 0;
        await stopping.sleep(spacingMs);
        await alarm.sleep(sleepMs);
      } catch (error) {
        quiet.warn({ error }, sentence);
        failures += 1;
        await stopping.sleep(backoffDelayMs(BACKOFF, failures, random));
      }
    }
  };
  return {
    start: () => {
      running ??= run();
    },
    wake: alarm.wake,
    wakeAt: alarm.wakeAt,
    stop: async () => {
      isStopping = true;
      alarm.wake();
      stopping.wake();
      await running;
    },
  };
}
