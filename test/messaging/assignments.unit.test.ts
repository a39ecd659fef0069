import { describe, expect, test } from "vitest";
import { createAssignments } from "../../messaging/assignments.ts";
import type { TopicPartition } from "../../messaging/batch.ts";

const partitions = (...numbers: number[]) => numbers.map((partition) => ({ topic: "t", partition }));

describe("createAssignments", () => {
  test("onAssigned is called at once and again until it succeeds; until then the problem is known", async () => {
    let calls = 0;
    const failures: unknown[] = [];
    const assignments = createAssignments({
      onAssigned: async () => {
        calls += 1;
        if (calls < 3) throw Object.assign(new Error("x"), { code: "ECONNREFUSED" });
      },
      onFailure: (error) => failures.push(error),
    });
    expect(assignments.generation()).toBe(0);
    assignments.take(partitions(0, 1));
    expect([assignments.generation(), calls]).toEqual([1, 1]);
    await Promise.resolve();
    expect(assignments.problem()).toMatch(/ECONNREFUSED/);
    await assignments.ready();
    expect([calls, failures.length, assignments.problem()]).toEqual([3, 2, undefined]);
  });

  test("another assignment ends the attempts of the one before", async () => {
    const seen: (readonly TopicPartition[])[] = [];
    const assignments = createAssignments({
      onAssigned: async (assigned) => {
        seen.push(assigned);
        if (assigned.length === 2) throw new Error("never");
      },
      onFailure: () => undefined,
    });
    assignments.take(partitions(0, 1));
    const old = assignments.ready();
    assignments.take(partitions(1));
    await Promise.all([old, assignments.ready()]);
    expect(seen).toEqual([partitions(0, 1), partitions(1)]);
    expect([assignments.generation(), assignments.problem()]).toEqual([2, undefined]);
  });

  test("stop() ends the attempts", async () => {
    const assignments = createAssignments({
      onAssigned: () => Promise.reject(new Error("never")),
      onFailure: () => undefined,
    });
    assignments.take(partitions(0));
    assignments.stop();
    await expect(assignments.ready()).resolves.toBeUndefined();
  });
});
