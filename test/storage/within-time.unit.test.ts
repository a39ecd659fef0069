import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { withinTime } from "../../storage/within-time.ts";

const skipped: string[] = [];
const limit = { timeoutMs: 50, skipped: { inc: ({ reason }: { reason: string }) => skipped.push(reason) } };

beforeEach(() => {
  vi.useFakeTimers();
  skipped.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
});

test("an answer in time is given, an empty one too", async () => {
  expect(await withinTime(async () => "answer", limit)).toBe("answer");
  expect(await withinTime(async () => ({ holder: null }), limit)).toEqual({ holder: null });
  expect(skipped).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});

test("a late answer is null, a late failure harms nobody, and each is counted once", async () => {
  const { promise, reject } = Promise.withResolvers<string>();
  const waiting = withinTime(() => promise, limit);
  await vi.advanceTimersByTimeAsync(50);
  expect(await waiting).toBeNull();
  reject(new Error("late"));
  await vi.advanceTimersByTimeAsync(1);
  expect(skipped).toEqual(["timeout"]);
});

test("a failure is null, also one that comes before any promise", async () => {
  expect(await withinTime(() => Promise.reject(new Error("no")), limit)).toBeNull();
  const throwing = () => {
    throw new Error("at once");
  };
  expect(await withinTime(throwing, limit)).toBeNull();
  expect(skipped).toEqual(["error", "error"]);
});
