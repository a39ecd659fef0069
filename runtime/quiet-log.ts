import type { Clock } from "./clock.ts";
import type { Log } from "./log.ts";

/** Where lines go that would repeat while something is away. */
export interface QuietLog {
  /** Writes the line, or counts it when the last one with this sentence is too fresh; the next says how many were left out. */
  readonly warn: (fields: Readonly<Record<string, unknown>>, sentence: string) => void;
}

/** A log that writes each sentence at most once per `everyMs`, so that an outage of an hour is not an hour of lines. */
export function createQuietLog(log: Log, clock: Clock, everyMs = 10_000): QuietLog {
  const last = new Map<string, { readonly atMs: number; leftOut: number }>();
  return {
    warn: (fields, sentence) => {
      const atMs = clock();
      const before = last.get(sentence);
      if (before !== undefined && atMs < before.atMs + everyMs) {
        before.leftOut += 1;
        return;
      }
      const leftOut = before?.leftOut ?? 0;
      log.warn(leftOut > 0 ? { ...fields, leftOut } : fields, sentence);
      last.set(sentence, { atMs, leftOut: 0 });
    },
  };
}
