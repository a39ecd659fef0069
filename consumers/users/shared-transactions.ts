import { setImmediate as nextTurn } from "node:timers/promises";

export interface SharedTransactionsSettings<Batch, Result> {
  /** The most messages of one transaction; more only when there are more batches than that. */
  readonly mostMessages: number;
  /** Runs one transaction: a result, or why there is none, for each of these batches. Never rejects. */
  readonly run: (batches: readonly Batch[]) => Promise<readonly PromiseSettledResult<Result>[]>;
}

export interface SharedTransactions<Batch, Result> {
  /** Applies the front of a batch, as much of it as the next transaction has room for, at least one message. */
  readonly apply: (batch: Batch) => Promise<Result>;
}

interface Waiting<Batch, Result> {
  readonly batch: Batch;
  readonly resolve: (result: Result) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Lets batches of different partitions share transactions. While one runs, batches gather and then go together: nobody
 * waits for company, and the busier it is, the more of them share what a transaction costs. One runs at a time. The room
 * is shared evenly; what a small batch leaves of its share goes to the larger ones.
 */
export function createSharedTransactions<Batch extends { readonly messages: readonly unknown[] }, Result>(
  settings: SharedTransactionsSettings<Batch, Result>,
): SharedTransactions<Batch, Result> {
  const waiting: Waiting<Batch, Result>[] = [];
  let isRunning = false;

  const runAll = async (): Promise<void> => {
    isRunning = true;
    // kafkajs hands over the batches of one fetch one after the other; those that had a share come back for more.
    await nextTurn();
    while (waiting.length > 0) {
      await runOne(waiting.splice(0), settings);
      await nextTurn();
    }
    isRunning = false;
  };
  return {
    apply: (batch) => {
      const { promise, resolve, reject } = Promise.withResolvers<Result>();
      waiting.push({ batch, resolve, reject });
      if (!isRunning) void runAll();
      return promise;
    },
  };
}

async function runOne<Batch extends { readonly messages: readonly unknown[] }, Result>(
  taken: readonly Waiting<Batch, Result>[],
  { mostMessages, run }: SharedTransactionsSettings<Batch, Result>,
): Promise<void> {
  const shares = sharesOf(
    taken.map(({ batch }) => batch.messages.length),
    mostMessages,
  );
  const fronts = taken.map(({ batch }, index) => ({ ...batch, messages: batch.messages.slice(0, shares[index]) }));
  const results = await run(fronts);
  for (const [index, { resolve, reject }] of taken.entries()) {
    const result = results[index];
    if (result?.status === "fulfilled") resolve(result.value);
    else reject(result?.reason ?? new Error("a batch of a transaction has no result"));
  }
}

/** How many messages each batch may bring, at least one each. */
function sharesOf(sizes: readonly number[], most: number): readonly number[] {
  const shares = sizes.map(() => 0);
  const smallestFirst = [...sizes.keys()].sort((a, b) => (sizes[a] ?? 0) - (sizes[b] ?? 0));
  let left = most;
  for (const [served, index] of smallestFirst.entries()) {
    const even = Math.max(1, Math.floor(left / (sizes.length - served)));
    shares[index] = Math.min(sizes[index] ?? 0, even);
    left -= shares[index];
  }
  return shares;
}
