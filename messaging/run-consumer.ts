import { setTimeout as wait } from "node:timers/promises";
import type { Kafka } from "kafkajs";
import type { Clock } from "../runtime/clock.ts";
import type { Check } from "../runtime/health.ts";
import type { Log } from "../runtime/log.ts";
import type { Metrics } from "../runtime/metrics.ts";
import { createQuietLog } from "../runtime/quiet-log.ts";
import { type AssignmentControl, type Assignments, createAssignments } from "./assignments.ts";
import type { BatchControl, BatchOutcome, RawBatch, TopicPartition } from "./batch.ts";
import { createBatchRunner } from "./batch-runner.ts";
import { createGroupMember, type GroupSettings } from "./group-member.ts";
import { createMembership, type Membership } from "./membership.ts";
import { createOffsetCommits } from "./offset-commits.ts";
import { createPartitionControl } from "./partition-control.ts";
import { createPartitionStates, type PartitionStates } from "./partition-states.ts";

export interface ConsumerSettings extends GroupSettings {
  readonly kafka: Kafka;
  /** What metrics, logs and checks call it, e.g. `users`. */
  readonly name: string;
  /**
   * Called with all partitions of a new assignment, at once, and again until it succeeds; batches of the assignment wait
   * for it. The list is empty when other members have everything.
   */
  readonly onAssigned?: (assigned: readonly TopicPartition[], control: AssignmentControl) => Promise<void>;
  /** What happens with messages. Batches of one partition come one after another, those of several at the same time. */
  readonly onBatch: (batch: RawBatch, control: BatchControl) => Promise<BatchOutcome>;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly clock: Clock;
  /** The consumer is over and cannot help itself: the process must end with code 1, so that another takes its place. */
  readonly onCrash: (error: unknown) => void;
}

export interface RunningConsumer {
  readonly name: string;
  /** Joins the group. @throws kafkajs's error when the brokers are away or a topic does not exist. */
  readonly start: () => Promise<void>;
  /** Takes no batch any more, lets running ones finish, commits their offsets, leaves the group. */
  readonly stop: () => Promise<void>;
  /** For readiness, by a name that begins with the consumer's. */
  readonly checks: Readonly<Record<string, Check>>;
}

const GOODBYE_WITHIN_MS = 4_000;

/**
 * A consumer that nothing keeps from consuming but stop(), a bug, or a partition that was stopped. The only code that
 * commits offsets, delays or stops partitions. It promises:
 * - the offset of a partition moves only to where onBatch said `done`, and only while the partition is ours;
 * - `retry`, or a temporary error thrown by onBatch, brings the same messages again, for ever, after a delay that grows
 *   to 5 s; the partition rests meanwhile, so that others go on and the group hears from us;
 * - an unknown error is tried five times, then its partition is stopped. kafkajs never sees an error of onBatch: it
 *   would take a TypeError for its own end, disconnect, and leave a process that lives and consumes nothing;
 * - a stopped partition stays stopped until the process starts again; readiness says why;
 * - brokers that go away are waited for: a new member joins within seconds after they are back;
 * - any other end of kafkajs's consumer is told to onCrash.
 */
export function runConsumer(settings: ConsumerSettings): RunningConsumer {
  const { kafka, name, clock, metrics } = settings;
  const log = settings.log.child({ consumer: name });
  const quiet = createQuietLog(log, clock);
  const partitions = createPartitionStates();
  const commits = createOffsetCommits((error) => quiet.warn({ error }, "offsets could not be committed; trying again"));
  const running = new Set<Promise<void>>();
  let isStopping = false;
  let lastPollAt: number | undefined;

  const membership: Membership = createMembership({
    newMember: () =>
      createGroupMember(kafka, settings, {
        onPoll: () => {
          lastPollAt = clock();
        },
        onAssignment: (assigned) => {
          commits.forget();
          control.beginAssignment();
          assignments.take(assigned);
          log.info({ partitions: assigned.length, generation: assignments.generation() }, "partitions assigned");
        },
        onBatch: (payload) => {
          const run = runBatch(payload).finally(() => running.delete(run));
          running.add(run);
          return run;
        },
      }),
    onLost: (error) => quiet.warn({ error }, "the group was lost; joining again"),
    onCrash: settings.onCrash,
  });
  const control = createPartitionControl({ name, consumer: membership.consumer, partitions, metrics, log });
  const assignments = createAssignments({
    onAssigned: async (assigned) =>
      settings.onAssigned?.(assigned, { seek: control.seek, stopPartition: control.stop }),
    onFailure: (error) => quiet.warn({ error }, "the new assignment could not be prepared; trying again"),
  });
  const own = { log, quiet, partitions, commits, control, assignments, isStopping: () => isStopping };
  const runBatch = createBatchRunner({ ...settings, ...own });

  return {
    name,
    start: membership.start,
    stop: async () => {
      isStopping = true;
      assignments.stop();
      control.close();
      await Promise.allSettled(running);
      // Without brokers neither is possible; the process that ends then loses nothing but its place.
      await withinTime(commits.finish());
      await withinTime(membership.stop());
    },
    checks: {
      [`${name} polling`]: () => pollingCheck(clock, lastPollAt, settings.sessionTimeoutMs),
      [`${name} partitions`]: () => partitionsCheck(partitions, assignments),
    },
  };
}

function withinTime(ending: Promise<void>): Promise<void> {
  const giveUp = new AbortController();
  const { signal } = giveUp;
  return Promise.race([ending, wait(GOODBYE_WITHIN_MS, undefined, { signal })]).finally(() => giveUp.abort());
}

function pollingCheck(clock: Clock, lastPollAt: number | undefined, patienceMs: number): ReturnType<Check> {
  if (lastPollAt === undefined) return { ok: false, detail: "has not asked for messages yet" };
  const ageMs = clock() - lastPollAt;
  return ageMs <= patienceMs ? { ok: true } : { ok: false, detail: `last asked for messages ${ageMs} ms ago` };
}

function partitionsCheck(partitions: PartitionStates, assignments: Assignments): ReturnType<Check> {
  const stopped = partitions
    .stopped()
    .map(({ topic, partition, reason }) => `${topic}/${partition} stopped: ${reason}`);
  const sentences = [...stopped, assignments.problem() ?? ""].filter((sentence) => sentence !== "");
  return sentences.length === 0 ? { ok: true } : { ok: false, detail: sentences.join("; ") };
}
