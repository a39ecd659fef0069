import { type ManualClock, manualClock } from "../../runtime/clock.ts";
import type { Random } from "../random.ts";

/** Time as the world has it, and as each writer's machine has it: a little ahead or behind, and another one tomorrow. */
export interface Clocks {
  /** Milliseconds since 1970, as most machines have it. */
  readonly now: () => number;
  /** The clock of the writer whose batch is being applied. */
  readonly writer: ManualClock;
  /** The writer of the partition begins to work. */
  readonly workAt: (partition: number) => void;
  /** Another machine takes the partition. */
  readonly moveWriter: (partition: number) => void;
  /** Some time passes; now and then it goes back. */
  readonly pass: () => void;
  /** More time passes than anything may take. */
  readonly passLong: () => void;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
const STARTS_AT = Date.UTC(2026, 2, 1, 12);

/** All clocks agree at first. */
export function createClocks(random: Random): Clocks {
  const world = manualClock(STARTS_AT);
  const writer = manualClock(STARTS_AT);
  const skews = new Map<number, number>();
  return {
    now: world.now,
    writer,
    workAt: (partition) => writer.set(world.now() + (skews.get(partition) ?? 0)),
    moveWriter: (partition) => void skews.set(partition, random.below(6 * MINUTE) - 3 * MINUTE),
    pass: () => {
      const span = random.weighted(SPANS, ({ weight }) => weight) ?? SPANS[0];
      world.advance(span.least + random.below(span.most - span.least));
    },
    passLong: () => world.advance(60 * DAY),
  };
}

const SPANS = [
  { weight: 70, least: 1, most: 20 * SECOND },
  { weight: 18, least: MINUTE, most: 10 * MINUTE },
  { weight: 6, least: -5 * MINUTE, most: 0 },
  { weight: 4, least: 30 * MINUTE, most: 180 * MINUTE },
  { weight: 1, least: DAY, most: DAY + 180 * MINUTE },
  { weight: 0.3, least: 14 * DAY, most: 17 * DAY },
] as const;
