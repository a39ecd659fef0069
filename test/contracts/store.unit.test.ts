import { manualClock } from "../../runtime/clock.ts";
import { newId } from "../../runtime/ids.ts";
import { createMemoryStore } from "../../simulation/memory-store.ts";
import { partnerSnapshot } from "../support/domain.ts";
import { describeUserStore } from "./store.ts";
import { CLUSTER, TOPIC } from "./store-stage.ts";

describeUserStore({
  open: async () => {
    const clock = manualClock(Date.parse("2026-03-01T10:00:00.000Z"));
    let isFailing = false;
    let partitions = 0;
    const store = createMemoryStore({
      clock: clock.now,
      newId,
      addresses: { widget: "https://widget.test", gateway: "https://gateway.test" },
      partnerOf: () => partnerSnapshot(),
      beforeCommit: () => {
        if (isFailing) throw new Error("the commit failed");
      },
    });
    const { progress, outbox } = store;
    const stage = {
      clock,
      store,
      secondOwner: store,
      newPartition: async () => {
        partitions += 1;
        progress.begin({ topic: TOPIC, partition: partitions, clusterId: CLUSTER, nextOffset: 0n });
        return partitions;
      },
      progressOf: async (partition: number) => progress.read(TOPIC, partition),
      readOutbox: async (behind: Parameters<typeof outbox.read>[0]) => outbox.read(behind),
      movePublishedThrough: async (partition: number, outboxId: bigint) =>
        progress.movePublishedThrough(TOPIC, partition, outboxId),
      recordOf: async (address: Parameters<typeof store.recordOf>[0]) => store.recordOf(address),
      historyOf: async (address: Parameters<typeof store.historyOf>[0]) => store.historyOf(address),
      refusalsOf: async (address: Parameters<typeof store.refusalsOf>[0]) => store.refusalsOf(address),
      whileCommitsFail: async (work: () => Promise<void>) => {
        isFailing = true;
        await work();
        isFailing = false;
      },
    };
    return { stage, close: async () => undefined };
  },
});
