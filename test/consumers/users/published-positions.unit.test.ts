import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createPublishedPositions } from "../../../consumers/users/published-positions.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const LOCKED = 9;

/** Positions that are recorded after 200 ms; recording fails while `isAway` says so. */
function stage(isAway = (): boolean => false) {
  const written: [number, bigint][][] = [];
  const record = async (positions: ReadonlyMap<number, bigint>): Promise<readonly number[]> => {
    if (isAway()) throw new Error("Postgres is away");
    written.push([...positions]);
    return [...positions.keys()].filter((partition) => partition !== LOCKED);
  };
  return { positions: createPublishedPositions({ record, afterMs: 200 }), written };
}

test("P11 positions of all partitions are recorded together, the newest of each, soon after the first", async () => {
  const { positions, written } = stage();
  positions.note(1, 5n);
  positions.note(2, 7n);
  positions.note(1, 9n);
  await vi.advanceTimersByTimeAsync(199);
  expect(written).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(written).toEqual([
    [
      [1, 9n],
      [2, 7n],
    ],
  ]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(written).toHaveLength(1);
});

test("what a transaction has recorded is not written again; what came after it is", async () => {
  const { positions, written } = stage();
  positions.note(1, 5n);
  positions.note(2, 6n);
  expect([positions.unrecorded(1), positions.unrecorded(3)]).toEqual([5n, undefined]);
  positions.note(2, 8n);
  positions.recorded(1, 5n);
  positions.recorded(2, 6n);
  await positions.flush();
  expect(written).toEqual([[[2, 8n]]]);
});

test("a position that could not be recorded is tried again", async () => {
  let isAway = true;
  const { positions, written } = stage(() => isAway);
  positions.note(1, 5n);
  await vi.advanceTimersByTimeAsync(200);
  expect(positions.unrecorded(1)).toBe(5n);
  isAway = false;
  await vi.advanceTimersByTimeAsync(200);
  expect([written, positions.unrecorded(1)]).toEqual([[[[1, 5n]]], undefined]);
});

test("a row that somebody else has locked is left alone and tried again, for the last time when all stops", async () => {
  const { positions, written } = stage();
  positions.note(LOCKED, 5n);
  await vi.advanceTimersByTimeAsync(400);
  expect([written.length, positions.unrecorded(LOCKED)]).toEqual([2, 5n]);
  await positions.stop();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(written).toHaveLength(3);
});
