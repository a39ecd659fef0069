import { expect, test } from "vitest";
import { createPartitions } from "../../../consumers/users/partitions.ts";
import type { OutgoingMessage } from "../../../storage/user-store/batch.ts";

const message: OutgoingMessage = { outboxId: 9n, topic: "userEvents", key: "acme/test/a", value: 1, headers: {} };

function stage() {
  const told: string[] = [];
  const partitions = createPartitions({
    admit: async () => ({ kind: "admitted", clusterId: "c", nextOffset: 0n }),
    createPublisher: (partition) => ({
      offer: (messages) => void told.push(`${partition}: ${messages.length} offered`),
      readAgain: () => void told.push(`${partition}: read again`),
      stop: async () => undefined,
    }),
    positions: {
      ...{ unrecorded: () => undefined, recorded: () => undefined, note: () => undefined },
      ...{ flush: async () => undefined, stop: async () => undefined },
    },
  });
  return { partitions, told };
}

test("P11 after a transaction whose end is unknown the outbox is read before anything else leaves, once", () => {
  const { partitions, told } = stage();
  partitions.offer(0, [message]);
  partitions.doubt(0);
  expect(told).toEqual(["0: 1 offered"]);
  partitions.offer(1, [message]);
  partitions.offer(0, []);
  partitions.offer(0, [message]);
  expect(told.slice(1)).toEqual(["1: 1 offered", "0: read again", "0: 0 offered", "0: 1 offered"]);
});
