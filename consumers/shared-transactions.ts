import { setImmediate as nextTurn } from "node:timers/promises";

export interface SharedTransactionsSettings<Batch, Result> {
  /** The most messages of one transaction. */
  readonly mostMessages: number;
  /** The most transactions at the same time. */
  readonly mostAtOnce: number;
  /** No more than so many messages wait for no other transaction; 0 where what they would cost counts more than their waiting. */
  readonly mostAtLeisure: number;
  /** Runs one transaction: a result, or why there is none, for each of these batches. Never rejects. */
  readonly run: (batches: readonly Batch[]) => Promise<readonly PromiseSettledResult<Result>[]>;
}

export interface SharedTransactions<Batch, Result> {
  /**
   * Applies the front of a batch, as much of it as its transaction has room for, at least one message. The caller has at
   * most one batch of a partition under way.
   */
  readonly apply: (batch: Batch) => Promise<Result>;
}

interface Waiting<Batch, Result> {
  readonly batch: Batch;
  readonly resolve: (result: Result) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Lets batches of different partitions share transactions. While one runs, batches gather and then go together: nobody
 * waits for company, and the busier it is, the more of them share what a transaction costs. Only when as much waits as
 * fills a transaction does another one run beside it, so that this process and Postgres do not wait for each other; with
 * less, two would only halve the batches. Or when very little waits: then there is time for another one. Batches are taken
 * in the order in which they came.
 */
export function createSharedTransactions<Batch extends { readonly messages: readonly unknown[] }, Result>(
  settings: SharedTransactionsSettings<Batch, Result>,
): SharedTransactions<Batch, Result> {
  const { mostMessages, mostAtOnce, mostAtLeisure, run } = settings;
  const waiting: Waiting<Batch, Result>[] = [];
  let running = 0;
  let isLooking = false;

  const mayBegin = (): boolean => {
    if (waiting.length === 0 || running >= mostAtOnce) return false;
    if (running === 0) return true;
    const messages = messagesIn(waiting);
    return messages >= mostMessages || messages <= mostAtLeisure;
  };
  const beginWhatMay = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    // kafkajs hands over the batches of one fetch one after the other; those that had a share come back for more.
    await nextTurn();
    isLooking = false;
    while (mayBegin()) {
      running += 1;
      void runOne(takeFilling(waiting, mostMessages), run).then(() => {
        running -= 1;
        return beginWhatMay();
      });
    }
  };
  return {
    apply: (batch) => {
      const { promise, resolve, reject } = Promise.withResolvers<Result>();
      waiting.push({ batch, resolve, reject });
      void beginWhatMay();
      return promise;
    },
  };
}

type Batches<Batch> = readonly { readonly batch: Batch }[];

function messagesIn(waiting: Batches<{ readonly messages: readonly unknown[] }>): number {
  return waiting.reduce((sum, { batch }) => sum + batch.messages.length, 0);
}

interface Taken<Batch, Result> {
  readonly waiting: Waiting<Batch, Result>;
  readonly front: Batch;
}

/** Takes from the front of what waits until the transaction is full; the last batch may bring only a part of its messages. */
function takeFilling<Batch extends { readonly messages: readonly unknown[] }, Result>(
  waiting: Waiting<Batch, Result>[],
  room: number,
): readonly Taken<Batch, Result>[] {
  const taken: Taken<Batch, Result>[] = [];
  for (let left = room; left > 0; ) {
    const next = waiting.shift();
    if (next === undefined) break;
    const messages = next.batch.messages.slice(0, left);
    left -= messages.length;
    taken.push({ waiting: next, front: { ...next.batch, messages } });
  }
  return taken;
}

async function runOne<Batch, Result>(
  taken: readonly Taken<Batch, Result>[],
  run: SharedTransactionsSettings<Batch, Result>["run"],
): Promise<void> {
  const results = await run(taken.map(({ front }) => front));
  for (const [index, { waiting }] of taken.entries()) {
    const result = results[index];
    if (result?.status === "fulfilled") waiting.resolve(result.value);
    else waiting.reject(result?.reason ?? new Error("a batch of a transaction has no result"));
  }
}
