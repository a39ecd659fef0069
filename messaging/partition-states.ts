import { partitionName, type TopicPartition } from "./batch.ts";

/** What a partition has been through since its last success. */
export interface Trouble {
  /** Batches tried again, for whatever reason. */
  readonly retries: number;
  /** Of these, how many failed for an unknown reason. */
  readonly unknownFailures: number;
  readonly seeks: number;
}

/** A partition that is stopped, and why, for the person who is called. */
export interface StoppedPartition extends TopicPartition {
  readonly reason: string;
}

/** The memory of a consumer about its partitions, for as long as the process lives. */
export interface PartitionStates {
  /** A batch went well: all trouble is over. */
  readonly succeeded: (partition: TopicPartition) => void;
  /** Counts one more of a kind and gives the trouble so far. */
  readonly count: (partition: TopicPartition, kind: keyof Trouble) => Trouble;
  readonly stop: (partition: TopicPartition, reason: string) => void;
  readonly isStopped: (partition: TopicPartition) => boolean;
  readonly stopped: () => readonly StoppedPartition[];
}

const NO_TROUBLE: Trouble = { retries: 0, unknownFailures: 0, seeks: 0 };

/** All partitions begin without trouble. */
export function createPartitionStates(): PartitionStates {
  const troubles = new Map<string, Trouble>();
  const stopped = new Map<string, StoppedPartition>();
  return {
    succeeded: (partition) => void troubles.delete(partitionName(partition)),
    count: (partition, kind) => {
      const before = troubles.get(partitionName(partition)) ?? NO_TROUBLE;
      const trouble = { ...before, [kind]: before[kind] + 1 };
      troubles.set(partitionName(partition), trouble);
      return trouble;
    },
    stop: ({ topic, partition }, reason) =>
      void stopped.set(partitionName({ topic, partition }), { topic, partition, reason }),
    isStopped: (partition) => stopped.has(partitionName(partition)),
    stopped: () => [...stopped.values()],
  };
}
