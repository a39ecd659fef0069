import type { Clock } from "../../runtime/clock.ts";

/**
 * Many commands failing alone within a minute is not bad luck with messages but something wrong with us: then the
 * partition stops instead of parking everything. Remembers the last minute per partition.
 */
export interface PoisonLimit {
  readonly count: (partition: number) => void;
  readonly isExceeded: (partition: number) => boolean;
}

/** Allows so many failures a minute in one partition. */
export function createPoisonLimit(clock: Clock, perMinute = 20): PoisonLimit {
  const failures = new Map<number, number[]>();
  const recent = (partition: number): number[] => {
    const since = clock() - 60_000;
    return (failures.get(partition) ?? []).filter((at) => at > since);
  };
  return {
    count: (partition) => void failures.set(partition, [...recent(partition), clock()]),
    isExceeded: (partition) => recent(partition).length >= perMinute,
  };
}
