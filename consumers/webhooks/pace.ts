import { setTimeout as wait } from "node:timers/promises";
import { nextSlotMs } from "../../domain/webhook/pacing.ts";
import type { Clock } from "../../runtime/clock.ts";
import { remember } from "../../runtime/remember.ts";

/** One that wants to begin an attempt. */
export interface Paced {
  readonly lane: string;
  /** Attempts per second; null: no limit. */
  readonly rateLimit: number | null;
}

/** Resolves when the attempt may begin. A lane's attempts begin in the order of the calls. */
export type Pace = (delivery: Paced) => Promise<void>;

/** So many lanes with a limit are remembered; those that have been idle are forgotten first. */
const MOST_LANES = 10_000;

/** Keeps every endpoint's own limit, within this process. */
export function createPace(clock: Clock): Pace {
  const slots = new Map<string, number>();
  return async ({ lane, rateLimit }) => {
    if (rateLimit === null) return;
    const nowMs = clock();
    const slotMs = nextSlotMs(slots.get(lane) ?? null, nowMs, { rateLimit });
    remember(slots, [lane, slotMs], MOST_LANES);
    if (slotMs > nowMs) await wait(slotMs - nowMs);
  };
}
