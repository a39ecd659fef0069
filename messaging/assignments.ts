import { setTimeout as wait } from "node:timers/promises";
import { backoffDelayMs } from "../runtime/backoff.ts";
import type { TopicPartition } from "./batch.ts";
import { classify } from "./failure-policy.ts";

/** What may be done with partitions at the moment they are assigned. */
export interface AssignmentControl {
  readonly seek: (partition: TopicPartition, offset: bigint) => void;
  readonly stopPartition: (partition: TopicPartition, reason: string) => void;
}

/** Which partitions this member has, counted by generation: what an old generation did must not move offsets. */
export interface Assignments {
  /** Takes over what the group assigned. `onAssigned` is called at once, and again until it succeeds. */
  readonly take: (assigned: readonly TopicPartition[]) => void;
  /** Rises with every assignment. */
  readonly generation: () => number;
  /** Resolves when `onAssigned` has succeeded for the present assignment, or another one came. Never rejects. */
  readonly ready: () => Promise<void>;
  /** Why `onAssigned` does not succeed; undefined when all is well. */
  readonly problem: () => string | undefined;
  /** Ends the attempts. */
  readonly stop: () => void;
}

export interface AssignmentsSettings {
  readonly onAssigned: (assigned: readonly TopicPartition[]) => Promise<void>;
  readonly onFailure: (error: unknown) => void;
}

const BACKOFF = { firstMs: 100, capMs: 5_000 };

/** No assignment yet: generation 0, ready. */
export function createAssignments({ onAssigned, onFailure }: AssignmentsSettings): Assignments {
  let generation = 0;
  let ready: Promise<void> = Promise.resolve();
  let problem: string | undefined;
  let superseded = new AbortController();

  const prepare = async (assigned: readonly TopicPartition[], signal: AbortSignal): Promise<void> => {
    for (let attempt = 1; !signal.aborted; attempt += 1) {
      try {
        await onAssigned(assigned);
        if (!signal.aborted) problem = undefined;
        return;
      } catch (error) {
        if (signal.aborted) return;
        problem = `the new assignment cannot be prepared (${classify(error).name})`;
        onFailure(error);
      }
      // Ended early by another assignment or by stop: the loop's condition sees it.
      await wait(backoffDelayMs(BACKOFF, attempt, Math.random), undefined, { signal }).catch(() => undefined);
    }
  };

  return {
    take: (assigned) => {
      superseded.abort();
      superseded = new AbortController();
      generation += 1;
      problem = undefined;
      ready = prepare(assigned, superseded.signal);
    },
    generation: () => generation,
    ready: () => ready,
    problem: () => problem,
    stop: () => superseded.abort(),
  };
}
