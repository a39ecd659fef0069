import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "../runtime/clock.ts";
import { remember } from "../runtime/remember.ts";
import { RETRY_AFTER_SECONDS } from "./http-errors.ts";
import { RequestRefused } from "./request-refused.ts";

export interface UserTurnsSettings {
  /** Writes of one user that begin within a second. */
  readonly perSecond: number;
  readonly clock: Clock;
}

/**
 * Resolves when a write of this user may begin: at once, unless many were begun just now. Writes of one user keep their
 * order. Refuses with UNAVAILABLE what would wait for more than five seconds: nothing of it was accepted.
 */
export type UserTurn = (user: string) => Promise<void>;

/** So many may begin at once before the pace counts: more than any person does. */
const BURST = 10;
const LONGEST_WAIT_MS = 5_000;
/** So many users are remembered; those whose turn is longest ago are forgotten first. */
const MOST_USERS = 10_000;

/**
 * Paces the writes of each user, in this process. All of one user's commands go through one partition and its records are
 * locked for one at a time: a partner that races for one user would only make everybody else wait for the processor.
 */
export function createUserTurns({ perSecond, clock }: UserTurnsSettings): UserTurn {
  const everyMs = 1_000 / perSecond;
  const nextAtMs = new Map<string, number>();
  return async (user) => {
    const nowMs = clock();
    const nextMs = Math.max(nowMs, nextAtMs.get(user) ?? nowMs);
    const waitMs = nextMs - nowMs - BURST * everyMs;
    if (waitMs > LONGEST_WAIT_MS) {
      throw new RequestRefused("UNAVAILABLE", { headers: { "Retry-After": RETRY_AFTER_SECONDS } });
    }
    remember(nextAtMs, [user, nextMs + everyMs], MOST_USERS);
    if (waitMs > 0) await wait(waitMs);
  };
}
