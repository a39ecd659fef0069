import type { Progress } from "../../storage/user-store/progress.ts";

/** How far each partition was applied and published. */
export interface ProgressBook {
  /** Begins a partition at an offset; one that has begun stays as it is. */
  readonly begin: (start: { topic: string; partition: number; clusterId: string; nextOffset: bigint }) => void;
  /** Null when the partition was never admitted. */
  readonly read: (topic: string, partition: number) => Progress | null;
  readonly moveNextOffset: (topic: string, partition: number, nextOffset: bigint) => void;
  /** Never moves back, whoever says it. */
  readonly movePublishedThrough: (topic: string, partition: number, outboxId: bigint) => void;
}

/** Nothing has begun yet. */
export function createProgress(): ProgressBook {
  const rows = new Map<string, Progress>();
  const amend = (name: string, change: (before: Progress) => Partial<Progress>): void => {
    const before = rows.get(name);
    if (before !== undefined) rows.set(name, { ...before, ...change(before) });
  };
  return {
    begin: ({ topic, partition, clusterId, nextOffset }) => {
      const name = `${topic}/${partition}`;
      if (!rows.has(name)) rows.set(name, { clusterId, nextOffset, publishedThrough: 0n });
    },
    read: (topic, partition) => rows.get(`${topic}/${partition}`) ?? null,
    moveNextOffset: (topic, partition, nextOffset) => amend(`${topic}/${partition}`, () => ({ nextOffset })),
    movePublishedThrough: (topic, partition, outboxId) =>
      amend(`${topic}/${partition}`, (before) =>
        outboxId > before.publishedThrough ? { publishedThrough: outboxId } : {},
      ),
  };
}
