import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createResultRecorder, type RecorderSettings } from "../../../consumers/webhooks/record-results.ts";
import { createLog } from "../../../runtime/log.ts";
import type { AttemptResult } from "../../../storage/delivery-store.ts";

const AWAY = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
const BROKEN = new Error("invalid byte sequence");

const result = (deliveryId: string): AttemptResult => ({
  deliveryId,
  fence: 1,
  number: 1,
  startedAtMs: 0,
  durationMs: 1,
  statusCode: 200,
  failureClass: null,
  answerExcerpt: null,
  next: { kind: "delivered", atMs: 1 },
});

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function stageRecorder(record: (ids: readonly string[]) => Promise<readonly string[]>) {
  const batches: (readonly string[])[] = [];
  const lines: string[] = [];
  const settings: RecorderSettings = {
    store: {
      record: async (results) => {
        const ids = results.map(({ deliveryId }) => deliveryId);
        batches.push(ids);
        return new Set(await record(ids));
      },
    },
    clock: () => Date.now(),
    random: () => 0,
    log: createLog({ level: "warn", component: "test", destination: { write: (line) => void lines.push(line) } }),
  };
  return { recorder: createResultRecorder(settings), batches, lines };
}

test("results that come while one is written go out together, and each learns its own fate", async () => {
  const writing = Promise.withResolvers<void>();
  const { recorder, batches } = stageRecorder(async (ids) => {
    await writing.promise;
    return ids.filter((id) => id !== "c");
  });
  const first = recorder.record(result("a"), true);
  await vi.advanceTimersByTimeAsync(1);
  const others = ["b", "c"].map((id) => recorder.record(result(id), true));
  writing.resolve();
  expect(await Promise.all([first, ...others])).toEqual(["counted", "counted", "late"]);
  expect(batches).toEqual([["a"], ["b", "c"]]);
});

describe("a result that nobody waits for", () => {
  test("waits a moment for others, and no longer", async () => {
    const { recorder, batches } = stageRecorder(async (ids) => ids);
    const recorded = ["a", "b"].map((id) => recorder.record(result(id), false));
    await vi.advanceTimersByTimeAsync(7);
    expect(batches).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(batches).toEqual([["a", "b"]]);
    expect(await Promise.all(recorded)).toEqual(["counted", "counted"]);
  });

  test("goes out with one that is waited for, at once", async () => {
    const { recorder, batches } = stageRecorder(async (ids) => ids);
    const recorded = [recorder.record(result("a"), false), recorder.record(result("b"), true)];
    expect(await Promise.all(recorded)).toEqual(["counted", "counted"]);
    expect(batches).toEqual([["a", "b"]]);
  });

  test("goes out at once when there are many", async () => {
    const { recorder, batches } = stageRecorder(async (ids) => ids);
    const ids = Array.from({ length: 40 }, (_, index) => `dlv_${index}`);
    await Promise.all(ids.map((id) => recorder.record(result(id), false)));
    expect(batches).toEqual([ids]);
  });
});

test("bar 6 while Postgres is away it tries again for ever, ever more seldom, with hardly a line in the log", async () => {
  let isAway = true;
  const { recorder, batches, lines } = stageRecorder(async (ids) => {
    if (isAway) throw AWAY;
    return ids;
  });
  const recorded = recorder.record(result("a"), true);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(batches.length).toBeGreaterThan(200);
  expect(batches.length).toBeLessThan(600);
  expect(lines.length).toBeLessThanOrEqual(61);
  isAway = false;
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await recorded).toBe("counted");
});

describe("a result that Postgres refuses", () => {
  test("does not take its neighbours with it", async () => {
    const { recorder, lines } = stageRecorder(async (ids) => {
      if (ids.includes("bad")) throw BROKEN;
      return ids;
    });
    const recorded = await Promise.all(["a", "b", "bad", "c"].map((id) => recorder.record(result(id), true)));
    expect(recorded).toEqual(["counted", "counted", "lost", "counted"]);
    expect(lines).toHaveLength(1);
  });

  test("nor does Postgres going away while they are set apart", async () => {
    let calls = 0;
    const { recorder } = stageRecorder(async (ids) => {
      calls += 1;
      if (ids.includes("bad")) throw BROKEN;
      if (calls === 3) throw AWAY;
      return ids;
    });
    const recorded = Promise.all(["a", "b", "bad", "c"].map((id) => recorder.record(result(id), true)));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await recorded).toEqual(["counted", "counted", "lost", "counted"]);
  });
});

test("giving up ends the waiting, and nothing is written afterwards", async () => {
  const { recorder, batches } = stageRecorder(() => Promise.reject(AWAY));
  const waiting = recorder.record(result("a"), true);
  await vi.advanceTimersByTimeAsync(50);
  recorder.giveUp();
  await vi.advanceTimersByTimeAsync(1);
  expect(await waiting).toBe("lost");
  const before = batches.length;
  expect(await recorder.record(result("b"), true)).toBe("lost");
  expect(batches).toHaveLength(before);
});
