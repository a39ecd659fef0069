import type { BenchSystem } from "../system.ts";

export interface ProgressWatch {
  /** The longest time, in seconds, that a partition has stood still since this was last asked. */
  readonly longestSilence: () => number;
  readonly stop: () => void;
}

const EVERY_MS = 100;

/**
 * Watches how far every partition of the command topic was applied. Under a steady load over all partitions one that stands
 * still is one whose users wait.
 */
export function watchProgress(system: BenchSystem): ProgressWatch {
  const moved = new Map<number, { offset: string; atMs: number }>();
  let longestMs = 0;
  let isOver = false;
  const look = async () => {
    const rows = await system.rows<{ readonly partition: number; readonly next_offset: string }>(
      "select partition, next_offset from consumer_progress",
    );
    const nowMs = performance.now();
    for (const { partition, next_offset: offset } of rows) {
      const last = moved.get(partition);
      if (last !== undefined) longestMs = Math.max(longestMs, nowMs - last.atMs);
      if (last?.offset !== offset) moved.set(partition, { offset, atMs: nowMs });
    }
  };
  let failure: unknown = null;
  const watch = async () => {
    while (!isOver) {
      await look();
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  };
  void watch().catch((error: unknown) => {
    // After the end the database may be gone; before, whoever asks next hears of it.
    if (!isOver) failure = error;
  });
  return {
    longestSilence: () => {
      if (failure !== null) throw new Error("the progress could not be watched", { cause: failure });
      const seconds = Math.round(longestMs / 10) / 100;
      longestMs = 0;
      return seconds;
    },
    stop: () => {
      isOver = true;
    },
  };
}
