import type { Clock } from "../runtime/clock.ts";
import type { Log } from "../runtime/log.ts";

/** Where lines go that would repeat while something is away. */
export interface QuietLog {
  /** Writes the line, or counts it when the last one is too fresh; the next line says how many were left out. */
  readonly warn: (fields: Readonly<Record<string, unknown>>, sentence: string) => void;
}

/** A log that writes at most one line per `everyMs`, so that an outage of an hour is not an hour of lines. */
export function createQuietLog(log: Log, clock: Clock, everyMs = 10_000): QuietLog {
  let nextAt = Number.NEGATIVE_INFINITY;
  let leftOut = 0;
  return {
    warn: (fields, sentence) => {
      const now = clock();
      if (now < nextAt) {
        leftOut += 1;
        return;
      }
      log.warn(leftOut > 0 ? { ...fields, leftOut } : fields, sentence);
      nextAt = now + everyMs;
      leftOut = 0;
    },
  };
}
