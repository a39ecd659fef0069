import type { Clock } from "../../runtime/clock.ts";

/** Lets a loop sleep until there is something to do. Times are epoch milliseconds. */
export interface Alarm {
  /** Ends the sleep now; when nobody sleeps, the next sleep ends at once. */
  readonly wake: () => void;
  /** Ends a sleep at that time. Times further away than the longest sleep need not be given. */
  readonly wakeAt: (atMs: number) => void;
  /** Resolves when woken, at the next time given to `wakeAt`, or after `longestMs`. */
  readonly sleep: (longestMs: number) => Promise<void>;
}

/** An alarm for one sleeper. */
export function createAlarm(clock: Clock): Alarm {
  let times: number[] = [];
  let isWoken = false;
  let wakeSleeper: (() => void) | null = null;

  const wake = () => {
    isWoken = true;
    wakeSleeper?.();
  };
  return {
    wake,
    wakeAt: (atMs) => {
      times.push(atMs);
      // Sleeping already, perhaps for longer than that: sleep anew.
      wakeSleeper?.();
    },
    sleep: async (longestMs) => {
      const endMs = clock() + longestMs;
      for (let nowMs = clock(); !isWoken && nowMs < endMs && !times.some((at) => at <= nowMs); nowMs = clock()) {
        const untilMs = Math.min(endMs, ...times);
        const { promise, resolve } = Promise.withResolvers<void>();
        const timer = setTimeout(resolve, untilMs - nowMs);
        wakeSleeper = resolve;
        await promise;
        clearTimeout(timer);
        wakeSleeper = null;
      }
      isWoken = false;
      const nowMs = clock();
      times = times.filter((at) => at > nowMs);
    },
  };
}
