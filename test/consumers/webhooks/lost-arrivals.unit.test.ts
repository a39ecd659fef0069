import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createLostArrivals } from "../../../consumers/webhooks/lost-arrivals.ts";
import { createLog } from "../../../runtime/log.ts";
import { createQuietLog } from "../../../runtime/quiet-log.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function watch(kept: Map<number, bigint>, stored: () => Promise<ReadonlyMap<number, bigint>>) {
  const wentBack: [number, bigint][] = [];
  const clock = () => Date.now();
  const loop = createLostArrivals({
    ...{ kept: () => kept, stored, clock, random: () => 0 },
    goBack: (partition, offset) => void wentBack.push([partition, offset]),
    quiet: createQuietLog(createLog({ level: "silent", component: "test" }), clock),
  });
  loop.start();
  return { wentBack, stop: loop.stop };
}

test("only a partition of which Postgres knows less than was kept goes back", async () => {
  const kept = new Map([
    [0, 5n],
    [1, 5n],
    [2, 5n],
    [3, 5n],
  ]);
  const stored = new Map([
    [0, 5n],
    [1, 4n],
    [2, 7n],
    [4, 0n],
  ]);
  const { wentBack, stop } = watch(kept, async () => stored);
  await vi.advanceTimersByTimeAsync(1);
  expect(wentBack).toEqual([[1, 4n]]);
  await stop();
});

test("what is kept while Postgres is asked is not taken for lost", async () => {
  const kept = new Map([[0, 5n]]);
  const { wentBack, stop } = watch(kept, async () => {
    kept.set(0, 6n);
    return new Map([[0, 5n]]);
  });
  await vi.advanceTimersByTimeAsync(1);
  expect(wentBack).toEqual([]);
  await stop();
});

test("bar 6 while Postgres is away it asks again", async () => {
  let isAway = true;
  const { wentBack, stop } = watch(new Map([[0, 5n]]), async () => {
    if (isAway) throw Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    return new Map([[0, 2n]]);
  });
  await vi.advanceTimersByTimeAsync(60_000);
  isAway = false;
  await vi.advanceTimersByTimeAsync(2_000);
  expect(wentBack.length).toBeGreaterThan(0);
  await stop();
});
