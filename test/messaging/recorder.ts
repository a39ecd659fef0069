import type { BatchOutcome, RawBatch } from "../../messaging/batch.ts";

/** Remembers what it saw; `decide` may give another outcome than done. */
export function recorder(decide: (batch: RawBatch) => BatchOutcome | undefined = () => undefined) {
  const seen: string[] = [];
  const waiting: { isEnough: (seen: readonly string[]) => boolean; resolve: () => void }[] = [];
  return {
    seen,
    onBatch: async (batch: RawBatch): Promise<BatchOutcome> => {
      const decided = decide(batch);
      if (decided) return decided;
      seen.push(...batch.messages.map(({ value }) => String(value)));
      for (const one of waiting) if (one.isEnough(seen)) one.resolve();
      return { kind: "done", nextOffset: (batch.messages.at(-1)?.offset ?? 0n) + 1n };
    },
    until: (isEnough: (seen: readonly string[]) => boolean): Promise<void> =>
      new Promise((resolve) => {
        if (isEnough(seen)) resolve();
        else waiting.push({ isEnough, resolve });
      }),
  };
}
