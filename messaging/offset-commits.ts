import { setTimeout as wait } from "node:timers/promises";
import type { Offsets } from "kafkajs";
import { partitionName, type TopicPartition } from "./batch.ts";

/** Sends offsets to the group's coordinator, once. */
export type SendOffsets = (offsets: Offsets) => Promise<void>;

/** Where partitions stand, committed in the background so that no batch waits for it. */
export interface OffsetCommits {
  /** Everything of the partition below `nextOffset` is dealt with. Committed soon, together with other partitions. */
  readonly note: (partition: TopicPartition, nextOffset: bigint, send: SendOffsets) => void;
  /** Another assignment: what is not committed yet may be another member's now, who starts from the committed one. */
  readonly forget: () => void;
  /** Resolves when everything noted was tried once more. Never rejects: what fails is consumed again. */
  readonly finish: () => Promise<void>;
}

interface Position extends TopicPartition {
  readonly nextOffset: bigint;
}

const TRY_AGAIN_AFTER_MS = 1_000;
/**
 * After a crash so much is consumed again at most, which is harmless everywhere; a commit for every small batch would
 * cost a request each.
 */
const GATHER_MS = 250;

/** One commit in flight, and a pause after each; meanwhile positions gather, the newest of each partition counts. */
export function createOffsetCommits(onFailure: (error: unknown) => void): OffsetCommits {
  let pending = new Map<string, Position>();
  let send: SendOffsets | undefined;
  let running: Promise<void> | undefined;
  let generation = 0;
  const finishing = new AbortController();

  const commit = async (): Promise<boolean> => {
    const taken = pending;
    const takenIn = generation;
    pending = new Map();
    try {
      await send?.(toOffsets([...taken.values()]));
      return true;
    } catch (error) {
      onFailure(error);
      if (takenIn === generation) pending = new Map([...taken, ...pending]);
      return false;
    }
  };
  const commitAll = async (): Promise<void> => {
    while (pending.size > 0) {
      const isCommitted = await commit();
      if (!isCommitted && finishing.signal.aborted) break;
      const pauseMs = isCommitted ? GATHER_MS : TRY_AGAIN_AFTER_MS;
      // finish() ends the pause.
      await wait(pauseMs, undefined, { signal: finishing.signal }).catch(() => undefined);
    }
    // Before anything else can run: a position noted from now on begins anew.
    running = undefined;
  };
  const run = (): Promise<void> => {
    if (running === undefined && pending.size > 0) running = commitAll();
    return running ?? Promise.resolve();
  };

  return {
    note: (partition, nextOffset, sendOffsets) => {
      pending.set(partitionName(partition), { ...partition, nextOffset });
      send = sendOffsets;
      void run();
    },
    forget: () => {
      generation += 1;
      pending = new Map();
    },
    finish: async () => {
      finishing.abort();
      await run();
      // The one that was in flight may have failed with later positions waiting behind it.
      if (pending.size > 0) await commit();
    },
  };
}

function toOffsets(positions: readonly Position[]): Offsets {
  const topics = [...new Set(positions.map(({ topic }) => topic))];
  return {
    topics: topics.map((topic) => ({
      topic,
      partitions: positions
        .filter((position) => position.topic === topic)
        .map(({ partition, nextOffset }) => ({ partition, offset: String(nextOffset) })),
    })),
  };
}
