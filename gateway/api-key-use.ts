import type { Clock } from "../runtime/clock.ts";
import type { Log } from "../runtime/log.ts";

export interface KeyUseSettings {
  /** Writes down that a key was used at this moment (ISO 8601). */
  readonly write: (keyId: string, now: string) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

const MINUTE_MS = 60_000;
const MOST_KEYS = 10_000;

/**
 * Notes the use of keys, each at most once a minute, beside the request: nobody waits for it, and a note that fails is
 * made again with the key's next use.
 */
export function createKeyUse({ write, clock, log }: KeyUseSettings): (keyId: string) => void {
  const notedAt = new Map<string, number>();
  return (keyId) => {
    const now = clock();
    const last = notedAt.get(keyId);
    if (last !== undefined && Math.abs(now - last) < MINUTE_MS) return;
    if (notedAt.size >= MOST_KEYS) notedAt.clear();
    notedAt.set(keyId, now);
    write(keyId, new Date(now).toISOString()).catch((error: unknown) => {
      notedAt.delete(keyId);
      log.debug({ error, keyId }, "the last use of a key was not noted");
    });
  };
}
