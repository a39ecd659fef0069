/** How far the outbox of each partition is published, until that stands in Postgres. */
export interface PublishedPositions {
  /** Published up to this row. To be recorded with the partition's next transaction, or else by itself, soon. */
  readonly note: (partition: number, outboxId: bigint) => void;
  /** What was noted and is not known to be recorded. */
  readonly unrecorded: (partition: number) => bigint | undefined;
  /** A transaction has recorded it. */
  readonly recorded: (partition: number, outboxId: bigint) => void;
  /** Records what is left now. Never rejects: what is not recorded is published again. */
  readonly flush: () => Promise<void>;
  /** The same, for the last time. */
  readonly stop: () => Promise<void>;
}

export interface PublishedPositionsSettings {
  /** Writes positions by partition, harmless to repeat; gives the partitions for which it could. */
  readonly record: (positions: ReadonlyMap<number, bigint>) => Promise<readonly number[]>;
  readonly afterMs: number;
}

/**
 * A write of its own for every send would cost a commit each, and would collide with the next transaction for the
 * partition's row: so a position waits for a transaction of its partition, and only a little while.
 */
export function createPublishedPositions({ record, afterMs }: PublishedPositionsSettings): PublishedPositions {
  const positions = new Map<number, bigint>();
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  const recorded = (partition: number, outboxId: bigint): void => {
    if (positions.get(partition) === outboxId) positions.delete(partition);
  };
  const flush = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    if (positions.size === 0) return;
    const taken = new Map(positions);
    const written = await record(taken).catch(() => NONE);
    for (const partition of written) recorded(partition, taken.get(partition) ?? 0n);
  };
  const flushLater = (): void => {
    timer ??= setTimeout(async () => {
      await flush();
      if (positions.size > 0 && !isStopped) flushLater();
    }, afterMs);
  };
  return {
    note: (partition, outboxId) => {
      positions.set(partition, outboxId);
      flushLater();
    },
    unrecorded: (partition) => positions.get(partition),
    recorded,
    flush,
    stop: async () => {
      isStopped = true;
      await flush();
    },
  };
}

/** Postgres is away, which others tell: the positions wait, like those whose rows were locked. */
const NONE: readonly number[] = [];
