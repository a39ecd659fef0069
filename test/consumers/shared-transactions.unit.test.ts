import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { createSharedTransactions } from "../../consumers/shared-transactions.ts";

interface Batch {
  readonly name: string;
  readonly messages: readonly number[];
}

const batch = (name: string, size: number): Batch => ({
  name,
  messages: Array.from({ length: size }, (_, index) => index),
});

/** Transactions of at most ten messages; each shows what it was given, and ends when it is told to. */
function stage(mostAtLeisure = 0) {
  const runs: string[] = [];
  const ends: ((results?: readonly PromiseSettledResult<string>[]) => void)[] = [];
  const begun: PromiseWithResolvers<void>[] = [Promise.withResolvers(), Promise.withResolvers()];
  const { apply } = createSharedTransactions<Batch, string>({
    mostMessages: 10,
    mostAtOnce: 2,
    mostAtLeisure,
    run: (batches) =>
      new Promise((resolve) => {
        begun[runs.length]?.resolve();
        runs.push(batches.map(({ name, messages }) => `${name}${messages.length}`).join(" "));
        const all = batches.map(({ name }) => ({ status: "fulfilled" as const, value: `${name} done` }));
        ends.push((results = all) => resolve(results));
      }),
  });
  return { apply, runs, begun: async (number: number) => begun[number]?.promise, end: ends };
}

/** Whatever may begin has begun by then. */
async function whatMayBegin(): Promise<void> {
  await nextTurn();
  await nextTurn();
}

test("batches that are there together share a transaction; those that come meanwhile share the next one", async () => {
  const { apply, runs, begun, end } = stage();
  const first = [apply(batch("a", 2)), apply(batch("b", 3))];
  await begun(0);
  const second = [apply(batch("c", 1)), apply(batch("d", 1))];
  end[0]?.();
  expect(await Promise.all(first)).toEqual(["a done", "b done"]);
  await begun(1);
  end[1]?.();
  expect(await Promise.all(second)).toEqual(["c done", "d done"]);
  expect(runs).toEqual(["a2 b3", "c1 d1"]);
});

test("a transaction takes batches in the order in which they came, until it is full", async () => {
  const { apply, runs, begun, end } = stage();
  void apply(batch("small", 1));
  void apply(batch("large", 50));
  void apply(batch("middle", 3));
  await begun(0);
  expect(runs).toEqual(["small1 large9"]);
  void apply(batch("late", 1));
  end[0]?.();
  await begun(1);
  expect(runs.slice(1)).toEqual(["middle3 late1"]);
});

test("a second one runs beside the first when what waits fills it, and a third never", async () => {
  const { apply, runs, begun } = stage();
  void apply(batch("a", 4));
  await begun(0);
  void apply(batch("b", 9));
  await whatMayBegin();
  expect(runs).toEqual(["a4"]);
  void apply(batch("c", 1));
  await begun(1);
  void apply(batch("d", 50));
  await whatMayBegin();
  expect(runs).toEqual(["a4", "b9 c1"]);
});

test.each([
  [2, ["a4", "b2"]],
  [4, ["a4"]],
])(
  "very little waits for no other transaction, if that was asked for; more does: %i of 3 wait",
  async (waiting, expected) => {
    const { apply, runs, begun } = stage(3);
    void apply(batch("a", 4));
    await begun(0);
    void apply(batch("b", waiting));
    await whatMayBegin();
    void apply(batch("c", 1));
    await whatMayBegin();
    expect(runs).toEqual(expected);
  },
);

test("a batch that has no result tells why, and the others have theirs", async () => {
  const { apply, begun, end } = stage();
  const [good, bad] = [apply(batch("a", 1)), apply(batch("b", 1))];
  await begun(0);
  end[0]?.([
    { status: "fulfilled", value: "well" },
    { status: "rejected", reason: new Error("no registry") },
  ]);
  expect(await good).toBe("well");
  await expect(bad).rejects.toThrow("no registry");
});
