import { setImmediate as nextTurn } from "node:timers/promises";
import { createMemoryBroker, type MemoryBatch, type MemoryBroker } from "../../simulation/memory-broker.ts";
import { describeBroker, type NumberedMessage, type OnNumberedBatch } from "./broker.ts";

const TOPIC = "numbers";
const PARTITIONS = 6;

describeBroker(async () => {
  const broker = createMemoryBroker(PARTITIONS);
  const members = new Set<{ readonly leave: () => Promise<void> }>();
  return {
    publish: async (...messages) =>
      broker.publish(
        TOPIC,
        messages.map((value) => ({ key: value.key, value, headers: {} })),
      ),
    join: async (group, onBatch) => {
      const member = readFor(broker, group, onBatch);
      members.add(member);
      return member;
    },
    close: async () => {
      for (const { leave } of members) await leave();
    },
  };
});

/** Reads partition after partition until it leaves; then another may read for the group. */
function readFor(broker: MemoryBroker, group: string, onBatch: OnNumberedBatch) {
  let isLeaving = false;
  const read = async (): Promise<void> => {
    for (let turn = 0; !isLeaving; turn += 1) {
      const delivery = { group, topic: TOPIC, partition: turn % PARTITIONS, limit: 500 };
      await broker.deliver({ ...delivery, onBatch: (batch) => onBatch(numbered(batch)) });
      await nextTurn();
    }
    broker.restart(group);
  };
  const done = read();
  return {
    leave: (): Promise<void> => {
      isLeaving = true;
      return done;
    },
  };
}

function numbered({ partition, messages }: MemoryBatch) {
  return {
    partition,
    messages: messages.map(({ offset, value }) => ({ ...(value as NumberedMessage), offset })),
  };
}
