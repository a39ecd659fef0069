import { isBefore } from "../time.ts";

/** `running`: worked through; `paused` and `cancelled` by someone's wish, or because its endpoint takes nothing. */
export const REPLAY_STATES = ["running", "paused", "done", "cancelled"] as const;

export type ReplayState = (typeof REPLAY_STATES)[number];

/** What may be asked of a replay. */
export type ReplayMove = "pause" | "resume" | "cancel";

const MOVES: { readonly [move in ReplayMove]: { readonly from: readonly ReplayState[]; readonly to: ReplayState } } = {
  pause: { from: ["running"], to: "paused" },
  resume: { from: ["paused"], to: "running" },
  cancel: { from: ["running", "paused"], to: "cancelled" },
};

/**
 * The state that a replay is in after a move: the same one when it was there already, so that asking twice is no
 * error; null when the move is impossible, because the replay has ended.
 */
export function movedReplay(state: ReplayState, move: ReplayMove): ReplayState | null {
  const { from, to } = MOVES[move];
  if (state === to) return state;
  return from.includes(state) ? to : null;
}

/**
 * Which events are sent again: `all` of them, those whose delivery `failed`, or those that are `missing`, because
 * their delivery failed or was never made. What waits to be delivered is left alone by each.
 */
export const REPLAY_SCOPES = ["all", "failed", "missing"] as const;

export type ReplayScope = (typeof REPLAY_SCOPES)[number];

/** What became so far of an event's deliveries to one receiver. */
export interface PastDeliveries {
  readonly isDelivered: boolean;
  readonly isFailed: boolean;
  readonly isWaiting: boolean;
}

/** Whether an event is sent again. */
export function isReplayed(scope: ReplayScope, { isDelivered, isFailed, isWaiting }: PastDeliveries): boolean {
  if (isWaiting) return false;
  switch (scope) {
    case "all":
      return true;
    case "failed":
      return isFailed && !isDelivered;
    case "missing":
      return !isDelivered;
    default:
      return scope satisfies never;
  }
}

/**
 * From when on a replay takes up events; null: from the first on. What is `missing` is told by the deliveries, so it
 * reaches back only as far as these are kept for certain: of older events nobody knows any more what became of them, and
 * all of them would be sent again.
 */
export function replayedFrom(scope: ReplayScope, from: string | null, deliveriesKeptFrom: string): string | null {
  if (scope !== "missing") return from;
  return from === null || isBefore(from, deliveriesKeptFrom) ? deliveriesKeptFrom : from;
}

/** A replay has at most so many deliveries waiting, so that what happens now is never far behind what happened then. */
const WINDOW = 500;

/** How many events the next step may take, from how many deliveries of the replay still wait; 0: wait for them. */
export function nextStepSize(waiting: number, rate: number | null): number {
  const room = Math.max(0, WINDOW - waiting);
  return rate === null ? room : Math.min(room, rate);
}

/** When the step after one that made `enqueued` deliveries is due, in milliseconds from now; `rate` is per second. */
export function nextStepInMs(enqueued: number, rate: number | null): number {
  return rate === null ? 0 : Math.ceil((enqueued * 1_000) / rate);
}
