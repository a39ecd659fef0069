import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createWaiting } from "../../gateway/waiting.ts";
import type { StoredDecision } from "../../storage/decisions.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const decided = (commandId: string): StoredDecision => ({
  commandId,
  outcome: "applied",
  answer: { kind: "done" },
  refusal: null,
});

function waitingWith(given: {
  isListening?: boolean;
  find?: (ids: readonly string[]) => Promise<readonly StoredDecision[]>;
}) {
  const queries: string[][] = [];
  const waiting = createWaiting({
    timeoutMs: 1_000,
    isListening: () => given.isListening ?? true,
    findDecisions: async (ids) => {
      queries.push([...ids]);
      return (await given.find?.(ids)) ?? [];
    },
  });
  return { waiting, queries };
}

describe("waiting for a decision", () => {
  test("a decision that is heard ends the wait at once, without a query", async () => {
    const { waiting, queries } = waitingWith({});
    const { decision } = waiting.expect("cmd_1");
    waiting.hear(decided("cmd_1"));
    await expect(decision).resolves.toEqual(decided("cmd_1"));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(queries).toEqual([]);
    expect(waiting.count()).toBe(0);
  });

  test("everyone who waits for the same command gets its decision", async () => {
    const { waiting } = waitingWith({});
    const both = [waiting.expect("cmd_1").decision, waiting.expect("cmd_1").decision];
    waiting.hear(decided("cmd_1"));
    await expect(Promise.all(both)).resolves.toEqual([decided("cmd_1"), decided("cmd_1")]);
  });

  test("what was not heard is found in the database, in one query for all who wait", async () => {
    const { waiting, queries } = waitingWith({ find: async (ids) => ids.map(decided) });
    const first = waiting.expect("cmd_1").decision;
    const second = waiting.expect("cmd_2").decision;
    await vi.advanceTimersByTimeAsync(199);
    expect(queries).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(queries).toEqual([["cmd_1", "cmd_2"]]);
    await expect(Promise.all([first, second])).resolves.toEqual([decided("cmd_1"), decided("cmd_2")]);
  });

  test("a command that began to wait a moment ago is left out of the query", async () => {
    const { waiting, queries } = waitingWith({});
    waiting.expect("cmd_1");
    await vi.advanceTimersByTimeAsync(150);
    waiting.expect("cmd_2");
    await vi.advanceTimersByTimeAsync(50);
    expect(queries).toEqual([["cmd_1"]]);
    await vi.advanceTimersByTimeAsync(100);
    expect(queries[1]).toEqual(["cmd_1", "cmd_2"]);
  });

  test("while Redis is away the database is asked sooner", async () => {
    const { waiting } = waitingWith({ isListening: false, find: async (ids) => ids.map(decided) });
    const { decision } = waiting.expect("cmd_1");
    await vi.advanceTimersByTimeAsync(40);
    await expect(decision).resolves.toEqual(decided("cmd_1"));
  });

  test("a query that fails is tried again", async () => {
    let calls = 0;
    const find = async (ids: readonly string[]) => {
      calls += 1;
      if (calls < 3) throw new Error("connection lost");
      return ids.map(decided);
    };
    const { waiting } = waitingWith({ find });
    const { decision } = waiting.expect("cmd_1");
    await vi.advanceTimersByTimeAsync(400);
    await expect(decision).resolves.toEqual(decided("cmd_1"));
    expect(calls).toBe(3);
  });

  test("when the time is up there is no decision, and nobody is asked any more", async () => {
    const { waiting, queries } = waitingWith({});
    const { decision } = waiting.expect("cmd_1");
    await vi.advanceTimersByTimeAsync(1_000);
    await expect(decision).resolves.toBeNull();
    const asked = queries.length;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(queries.length).toBe(asked);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("a wait can be cancelled", async () => {
    const { waiting } = waitingWith({});
    const { decision, cancel } = waiting.expect("cmd_1");
    cancel();
    await expect(decision).resolves.toBeNull();
    expect(waiting.count()).toBe(0);
  });

  test("a decision that nobody waits for is dropped", () => {
    const { waiting } = waitingWith({});
    expect(() => waiting.hear(decided("cmd_9"))).not.toThrow();
  });
});
