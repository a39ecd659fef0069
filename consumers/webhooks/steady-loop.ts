import type { QuietLog } from "../../messaging/quiet-log.ts";
import { backoffDelayMs } from "../../runtime/backoff.ts";
import type { Clock } from "../../runtime/clock.ts";
import { createAlarm } from "./alarm.ts";

export interface SteadyLoopSettings {
  /** One turn; gives how long to sleep until the next, unless woken. */
  readonly turn: () => Promise<number>;
  /** What cannot be done while turns fail. */
  readonly sentence: string;
  readonly quiet: QuietLog;
  readonly clock: Clock;
  readonly random: () => number;
}

/** A loop that an outage of Postgres only slows down. */
export interface SteadyLoop {
  readonly start: () => void;
  /** Ends the sleep between two turns. */
  readonly wake: () => void;
  /** Resolves when the turn under way has ended. */
  readonly stop: () => Promise<void>;
}

const BACKOFF = { firstMs: 100, capMs: 2_000 };

/** Takes turn after turn; after one that fails it tries again, at growing distances up to 2 s. */
export function createSteadyLoop({ turn, sentence, quiet, clock, random }: SteadyLoopSettings): SteadyLoop {
  const alarm = createAlarm(clock);
  let isStopping = false;
  let running: Promise<void> | null = null;

  const run = async () => {
    for (let failures = 0; !isStopping; ) {
      try {
        const sleepMs = await turn();
        failures = 0;
        await alarm.sleep(sleepMs);
      } catch (error) {
        quiet.warn({ error }, sentence);
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
