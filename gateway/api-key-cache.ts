import type { Clock } from "../runtime/clock.ts";

export interface ApiKeyCacheSettings<Key> {
  /** Looks a key up by the SHA-256 (hex) of its text; null when there is no such key, or it was revoked. */
  readonly find: (sha256: string) => Promise<Key | null>;
  readonly clock: Clock;
  /** An answer is used for so long, counted from the question: a revocation counts everywhere within this time. */
  readonly maxAgeMs?: number;
  readonly maxEntries?: number;
}

export interface ApiKeyCache<Key> {
  readonly find: (sha256: string) => Promise<Key | null>;
  /** Forgets every answer, those that are on their way too. */
  readonly clear: () => void;
}

/**
 * Remembers who a key belongs to for at most a second, "nobody" too. Questions asked at once share one lookup; a failed
 * lookup is not remembered. Holds hashes only, never a key.
 */
export function createApiKeyCache<Key>(settings: ApiKeyCacheSettings<Key>): ApiKeyCache<Key> {
  const { find, clock, maxAgeMs = 1_000, maxEntries = 10_000 } = settings;
  const entries = new Map<string, { readonly askedAt: number; readonly answer: Promise<Key | null> }>();

  const ask = (sha256: string) => {
    if (entries.size >= maxEntries) entries.clear();
    const entry = { askedAt: clock(), answer: find(sha256) };
    entries.set(sha256, entry);
    entry.answer.catch(() => entries.get(sha256) === entry && entries.delete(sha256));
    return entry.answer;
  };
  return {
    find: (sha256) => {
      const entry = entries.get(sha256);
      const ageMs = entry ? clock() - entry.askedAt : 0;
      return entry && ageMs >= 0 && ageMs < maxAgeMs ? entry.answer : ask(sha256);
    },
    clear: () => entries.clear(),
  };
}
