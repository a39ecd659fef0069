import type { StoredDecision } from "../storage/decisions.ts";

export interface WaitingSettings {
  /** Reads those of these decisions that exist, in one query. */
  readonly findDecisions: (commandIds: readonly string[]) => Promise<readonly StoredDecision[]>;
  /** Whether decisions are being heard over Redis; when not, the database is asked sooner. */
  readonly isListening: () => boolean;
  readonly timeoutMs: number;
}

/** One request that waits for one command. */
export interface Expectation {
  /** The decision, or null once the time is up. Never rejects. */
  readonly decision: Promise<StoredDecision | null>;
  /** Ends the wait at once with null. */
  readonly cancel: () => void;
}

export interface Waiting {
  /**
   * Begins to wait; call it before publishing, so that no decision is too early. Several may wait for one command.
   * The time counts from this call.
   */
  readonly expect: (commandId: string) => Expectation;
  /** A decision arrived; those who wait for it have it now. One that nobody waits for is dropped. */
  readonly hear: (decision: StoredDecision) => void;
  readonly count: () => number;
}

const POLL_INTERVAL_MS = 100;
const DEAF_POLL_INTERVAL_MS = 20;

/**
 * Brings decisions to the requests that wait for them. They usually come over Redis (`hear`); whatever has not come
 * after 100 ms is looked for in the database, every 100 ms, in one query for all who wait (every 20 ms while nothing
 * can be heard). A failing query is tried again: the wait itself ends with its time.
 */
export function createWaiting(settings: WaitingSettings): Waiting {
  const waiters = new Map<string, Set<(decision: StoredDecision | null) => void>>();
  const hear = (decision: StoredDecision) => {
    for (const settle of waiters.get(decision.commandId) ?? []) settle(decision);
  };
  const poll = createPoll(settings, { ids: () => [...waiters.keys()], hear });

  return {
    expect: (commandId) => {
      const { promise, resolve } = Promise.withResolvers<StoredDecision | null>();
      const settle = (decision: StoredDecision | null) => {
        clearTimeout(timer);
        const own = waiters.get(commandId);
        own?.delete(settle);
        if (own?.size === 0) waiters.delete(commandId);
        resolve(decision);
      };
      const timer = setTimeout(() => settle(null), settings.timeoutMs);
      waiters.set(commandId, (waiters.get(commandId) ?? new Set()).add(settle));
      poll.wake();
      return { decision: promise, cancel: () => settle(null) };
    },
    hear,
    count: () => waiters.size,
  };
}

interface Waiters {
  readonly ids: () => readonly string[];
  readonly hear: (decision: StoredDecision) => void;
}

/** Asks for commands that were already waiting an interval ago: most decisions have come by themselves until then. */
function createPoll({ findDecisions, isListening }: WaitingSettings, waiters: Waiters) {
  let timer: NodeJS.Timeout | undefined;
  let overdue: ReadonlySet<string> = new Set();

  const ask = async () => {
    const waiting = waiters.ids();
    const ids = waiting.filter((id) => overdue.has(id));
    overdue = new Set(waiting);
    const found = ids.length === 0 ? [] : await findDecisions(ids).catch(() => NOTHING_FOUND);
    for (const decision of found) waiters.hear(decision);
  };
  const wake = () => {
    if (timer !== undefined || waiters.ids().length === 0) return;
    const delayMs = isListening() ? POLL_INTERVAL_MS : DEAF_POLL_INTERVAL_MS;
    timer = setTimeout(async () => {
      await ask();
      timer = undefined;
      wake();
    }, delayMs);
  };
  return { wake };
}

/** The database is away: whoever waits goes on waiting, for Redis or for the next query. */
const NOTHING_FOUND: readonly StoredDecision[] = [];
