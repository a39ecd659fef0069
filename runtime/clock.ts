/** The present moment in epoch milliseconds. The only source of time: whoever needs it gets one as a dependency. */
export type Clock = () => number;

/** The clock of the machine. */
export const systemClock: Clock = () => Date.now();

export interface ManualClock {
  readonly now: Clock;
  /** Moves the clock by so many milliseconds; a negative number moves it back. */
  readonly advance: (milliseconds: number) => void;
  readonly set: (epochMs: number) => void;
}

/** A clock that stands still until it is moved, for tests and simulations. `startMs` is epoch milliseconds. */
export function manualClock(startMs: number): ManualClock {
  let presentMs = startMs;
  return {
    now: () => presentMs,
    advance: (milliseconds) => {
      presentMs += milliseconds;
    },
    set: (epochMs) => {
      presentMs = epochMs;
    },
  };
}
