import type { Consumer } from "kafkajs";
import type { Log } from "../runtime/log.ts";
import type { Metrics } from "../runtime/metrics.ts";
import { partitionName, type TopicPartition } from "./batch.ts";
import type { PartitionStates } from "./partition-states.ts";

/** What can be done with a partition besides consuming it. */
export interface PartitionControl {
  /** Nothing more of this partition for so long. */
  readonly rest: (partition: TopicPartition, delayMs: number) => void;
  readonly seek: (partition: TopicPartition, offset: bigint) => void;
  /** Nothing more of this partition as long as the process lives. */
  readonly stop: (partition: TopicPartition, reason: string) => void;
  /**
   * A new assignment: whatever rested goes on, whatever is stopped stays so. kafkajs keeps a partition paused that moved
   * away meanwhile, and nobody else would wake it when it comes back.
   */
  readonly beginAssignment: () => void;
  /** Wakes no partition any more. */
  readonly close: () => void;
}

export interface PartitionControlSettings {
  readonly name: string;
  readonly consumer: () => Consumer | undefined;
  readonly partitions: PartitionStates;
  readonly metrics: Pick<Metrics, "partitionStopped">;
  readonly log: Log;
}

/** Works on whatever member is there at the moment. */
export function createPartitionControl(settings: PartitionControlSettings): PartitionControl {
  const { name, consumer, partitions, metrics, log } = settings;
  const wakeUps = new Map<string, NodeJS.Timeout>();

  const pause = ({ topic, partition }: TopicPartition) => consumer()?.pause([{ topic, partitions: [partition] }]);
  const wake = ({ topic, partition }: TopicPartition) => {
    wakeUps.delete(partitionName({ topic, partition }));
    const paused = consumer()?.paused() ?? [];
    // A new member has paused nothing, and one that is just joining refuses to resume.
    const isPaused = paused.some((one) => one.topic === topic && one.partitions.includes(partition));
    if (isPaused && !partitions.isStopped({ topic, partition })) {
      consumer()?.resume([{ topic, partitions: [partition] }]);
    }
  };

  const endRests = () => {
    for (const timer of wakeUps.values()) clearTimeout(timer);
    wakeUps.clear();
  };

  return {
    rest: (partition, delayMs) => {
      pause(partition);
      clearTimeout(wakeUps.get(partitionName(partition)));
      wakeUps.set(partitionName(partition), setTimeout(wake, delayMs, partition));
    },
    seek: ({ topic, partition }, offset) => consumer()?.seek({ topic, partition, offset: String(offset) }),
    stop: ({ topic, partition }, reason) => {
      partitions.stop({ topic, partition }, reason);
      pause({ topic, partition });
      metrics.partitionStopped.set({ consumer: name, topic, partition }, 1);
      log.error({ topic, partition, reason }, "partition stopped until the process starts again");
    },
    beginAssignment: () => {
      endRests();
      for (const { topic, partitions: paused } of consumer()?.paused() ?? []) {
        for (const partition of paused) wake({ topic, partition });
      }
      for (const partition of partitions.stopped()) pause(partition);
    },
    close: endRests,
  };
}
