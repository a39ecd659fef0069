import { expect, test } from "vitest";
import { createOutboxPublisher } from "../../../consumers/users/outbox-publisher.ts";
import type { OutgoingMessage } from "../../../storage/user-store/batch.ts";
import { keepingLog } from "../../support/kafka.ts";

const message = (id: number): OutgoingMessage => ({
  ...{ outboxId: BigInt(id), topic: "userEvents", key: "acme/test/a", value: id, headers: {} },
});

/** A publisher over an outbox in memory; publishing fails where `isAway` says so. */
function stage({ through = 0n, isAway = (_: number): boolean => false } = {}) {
  const rows: OutgoingMessage[] = [];
  const published: unknown[] = [];
  const moved: bigint[] = [];
  let [sends, inFlight, mostInFlight] = [0, 0, 0];
  const publisher = createOutboxPublisher({
    partition: 0,
    publish: async (messages) => {
      sends += 1;
      inFlight += 1;
      mostInFlight = Math.max(mostInFlight, inFlight);
      await new Promise((resolve) => setImmediate(resolve));
      inFlight -= 1;
      if (isAway(sends)) throw new Error("the broker is away");
      published.push(...messages.map(({ value }) => value));
    },
    readBehind: async (outboxId, limit) => rows.filter((row) => row.outboxId > outboxId).slice(0, limit),
    publishedThrough: async () => through,
    published: (outboxId) => void moved.push(outboxId),
    wait: async () => undefined,
    random: () => 0,
    log: keepingLog().log,
  });
  return {
    ...{ rows, published, moved, publisher, mostInFlight: () => mostInFlight },
    commit: (...ids: readonly number[]) => {
      const messages = ids.map(message);
      rows.push(...messages);
      publisher.offer(messages);
    },
    reaches: async (id: number) => {
      while (moved.at(-1) !== BigInt(id)) await new Promise((resolve) => setImmediate(resolve));
      await publisher.stop();
    },
  };
}

test("P11 begins with what an earlier owner left, then publishes in order with one send in flight", async () => {
  const { rows, published, commit, reaches, mostInFlight } = stage({ through: 2n });
  rows.push(...[1, 2, 3, 4].map(message));
  commit(5, 6);
  commit(7);
  await reaches(7);
  expect(published).toEqual([3, 4, 5, 6, 7]);
  expect(mostInFlight()).toBe(1);
});

test("P11 after a failure reads the outbox again until it has caught up, without a new command", async () => {
  const { published, commit, reaches } = stage({ isAway: (send) => send === 1 || send === 2 });
  commit(1, 2);
  commit(3);
  await reaches(3);
  expect(published).toEqual([1, 2, 3]);
});

test("P11 rows of a commit whose answer was lost leave before those that are offered afterwards", async () => {
  const { rows, published, publisher, commit, reaches } = stage();
  commit(1);
  rows.push(message(2));
  publisher.readAgain();
  commit(3);
  await reaches(3);
  expect(published).toEqual([1, 2, 3]);
});

test("P11 what no longer fits into memory leaves in its turn, whatever is offered meanwhile", async () => {
  const { published, moved, commit, reaches } = stage();
  commit(1);
  while (moved.at(-1) !== 1n) await new Promise((resolve) => setImmediate(resolve));
  // The second is on its way when more come than are remembered.
  commit(2);
  await new Promise((resolve) => setImmediate(resolve));
  commit(...Array.from({ length: 20_001 }, (_, index) => index + 3));
  commit(20_004);
  await reaches(20_004);
  expect(published).toEqual(Array.from({ length: 20_004 }, (_, index) => index + 1));
});
