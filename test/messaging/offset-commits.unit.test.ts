import type { Offsets } from "kafkajs";
import { describe, expect, test } from "vitest";
import { createOffsetCommits } from "../../messaging/offset-commits.ts";

describe("createOffsetCommits", () => {
  test("positions gather while a commit is in flight; the newest of each partition counts", async () => {
    const coordinator = holding();
    const commits = createOffsetCommits(fail);
    commits.note({ topic: "t", partition: 0 }, 1n, coordinator.send);
    commits.note({ topic: "t", partition: 0 }, 2n, coordinator.send);
    commits.note({ topic: "t", partition: 1 }, 7n, coordinator.send);
    commits.note({ topic: "t", partition: 0 }, 3n, coordinator.send);
    const finished = commits.finish();
    coordinator.answerAll();
    await finished;
    expect(coordinator.sent).toEqual(["t/0=1", "t/0=3 t/1=7"]);
  });

  test("what failed is tried again with what came meanwhile, and finish() tries once more", async () => {
    const failures: unknown[] = [];
    const commits = createOffsetCommits((error) => failures.push(error));
    const sent: string[] = [];
    const send = async (offsets: Offsets) => {
      sent.push(describeOffsets(offsets));
      throw new Error("away");
    };
    commits.note({ topic: "t", partition: 0 }, 1n, send);
    commits.note({ topic: "t", partition: 0 }, 2n, send);
    commits.note({ topic: "t", partition: 1 }, 5n, send);
    await commits.finish();
    expect(sent).toEqual(["t/0=1", "t/0=2 t/1=5"]);
    expect(failures).toHaveLength(2);
  });

  test("a batch that ends after finish() is committed too", async () => {
    const coordinator = holding();
    coordinator.answerAll();
    const commits = createOffsetCommits(fail);
    await commits.finish();
    commits.note({ topic: "t", partition: 0 }, 4n, coordinator.send);
    await commits.finish();
    expect(coordinator.sent).toEqual(["t/0=4"]);
  });

  test("after another assignment nothing of the old one is committed", async () => {
    const coordinator = holding();
    const commits = createOffsetCommits(fail);
    commits.note({ topic: "t", partition: 0 }, 1n, coordinator.send);
    commits.note({ topic: "t", partition: 0 }, 2n, coordinator.send);
    commits.forget();
    commits.note({ topic: "t", partition: 3 }, 9n, coordinator.send);
    const finished = commits.finish();
    coordinator.answerAll();
    await finished;
    expect(coordinator.sent).toEqual(["t/0=1", "t/3=9"]);
  });
});

function fail(error: unknown): never {
  throw error;
}

/** Answers no commit before it is told to. */
function holding() {
  const sent: string[] = [];
  const { promise: answered, resolve: answerAll } = Promise.withResolvers<void>();
  return {
    sent,
    answerAll,
    send: async (offsets: Offsets) => {
      sent.push(describeOffsets(offsets));
      await answered;
    },
  };
}

function describeOffsets({ topics }: Offsets): string {
  const positions = topics.flatMap(({ topic, partitions }) =>
    partitions.map(({ partition, offset }) => `${topic}/${partition}=${offset}`),
  );
  return positions.toSorted().join(" ");
}
