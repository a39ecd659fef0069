import type { Clock } from "../../runtime/clock.ts";
import type { QuietLog } from "../../runtime/quiet-log.ts";
import { createSteadyLoop, type SteadyLoop } from "./steady-loop.ts";

export interface LostArrivalsSettings {
  /** How far each partition was kept, as Postgres said when it was. */
  readonly kept: () => ReadonlyMap<number, bigint>;
  /** How far it was kept, as Postgres says now. Rejects while Postgres is away. */
  readonly stored: () => Promise<ReadonlyMap<number, bigint>>;
  /** Has everything of the partition from that offset on come again. */
  readonly goBack: (partition: number, offset: bigint) => void;
  readonly quiet: QuietLog;
  readonly clock: Clock;
  readonly random: () => number;
}

const LOOK_EVERY_MS = 2_000;

/**
 * Looks whether Postgres still knows what it has said that it keeps. The commits of arrivals wait for no disk, so a crash
 * may take the last of them, deliveries and offsets together; the events are still in Kafka, but nothing new need ever come
 * to their partition and show the gap.
 */
export function createLostArrivals(settings: LostArrivalsSettings): SteadyLoop {
  const { kept, stored, goBack, quiet, clock, random } = settings;
  return createSteadyLoop({
    ...{ quiet, sentence: "It cannot be looked up what Postgres has of the events", clock, random },
    turn: async () => {
      // What is kept while Postgres is asked is not compared with an answer from before.
      const before = new Map(kept());
      const now = await stored();
      for (const [partition, offset] of before) {
        const known = now.get(partition);
        if (known === undefined || known >= offset) continue;
        quiet.warn(
          { partition, from: known, to: offset },
          "Postgres has lost arrivals in a crash; their events come again",
        );
        goBack(partition, known);
      }
      return LOOK_EVERY_MS;
    },
  });
}
