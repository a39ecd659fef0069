import type { EachBatchPayload } from "kafkajs";
import { backoffDelayMs } from "../runtime/backoff.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Log } from "../runtime/log.ts";
import type { Metrics } from "../runtime/metrics.ts";
import type { QuietLog } from "../runtime/quiet-log.ts";
import type { Assignments } from "./assignments.ts";
import { type BatchControl, type BatchOutcome, type RawBatch, toRawBatch } from "./batch.ts";
import { classify } from "./failure-policy.ts";
import { startHeartbeats } from "./heartbeats.ts";
import type { OffsetCommits } from "./offset-commits.ts";
import type { PartitionControl } from "./partition-control.ts";
import type { PartitionStates } from "./partition-states.ts";

export interface BatchRunnerSettings {
  readonly name: string;
  readonly heartbeatIntervalMs: number;
  readonly onBatch: (batch: RawBatch, control: BatchControl) => Promise<BatchOutcome>;
  readonly isStopping: () => boolean;
  readonly assignments: Assignments;
  readonly partitions: PartitionStates;
  readonly control: PartitionControl;
  readonly commits: OffsetCommits;
  readonly metrics: Pick<Metrics, "batchRetries" | "consumerLag">;
  readonly log: Log;
  readonly quiet: QuietLog;
  readonly clock: Clock;
}

const RETRY_BACKOFF = { firstMs: 100, capMs: 5_000 };
const MOST_UNKNOWN_FAILURES = 5;
/** Seeks in a row without a success: the first is a repair, more of them are a circle. */
const QUICK_SEEKS = 1;

/**
 * Runs one batch of kafkajs: calls onBatch and does what it says. Throws only what a heartbeat threw, which kafkajs
 * understands and answers by joining the group again.
 */
export function createBatchRunner(settings: BatchRunnerSettings): (payload: EachBatchPayload) => Promise<void> {
  const { assignments, partitions, isStopping, commits } = settings;
  return async (payload) => {
    const batch = toRawBatch(payload.batch);
    if (isStopping() || payload.isStale() || partitions.isStopped(batch)) return;
    const generation = assignments.generation();
    const isOurs = () => assignments.generation() === generation;
    const heartbeats = startHeartbeats(payload.heartbeat, settings.heartbeatIntervalMs);
    const isActive = () => !isStopping() && isOurs() && heartbeats.failure() === undefined;
    const startedAt = settings.clock();
    try {
      await Promise.race([assignments.ready(), heartbeats.failed]);
      // The new assignment may have been told to begin elsewhere, or not at all.
      const isWanted = isActive() && !payload.isStale() && !partitions.isStopped(batch);
      const outcome = isWanted ? await attempt(settings, batch, { isActive, heartbeat: heartbeats.beat }) : undefined;
      // What was not done comes again with the next assignment, here or elsewhere.
      const isLeaving = heartbeats.failure() !== undefined && outcome?.kind === "retry";
      // Of a partition that may be another member's by now nothing is moved.
      if (outcome && isOurs() && !isLeaving) follow({ outcome, batch, payload, startedAt }, settings);
    } finally {
      heartbeats.stop();
    }
    if (isStopping()) await commits.finish();
    const failure = heartbeats.failure();
    if (failure) throw failure.error;
  };
}

async function attempt(settings: BatchRunnerSettings, batch: RawBatch, control: BatchControl): Promise<BatchOutcome> {
  try {
    return await settings.onBatch(batch, control);
  } catch (error) {
    return afterError(settings, batch, error);
  }
}

/** An error of onBatch never leaves this file: what passes is tried again, what does not stops the partition. */
function afterError({ partitions, log }: BatchRunnerSettings, batch: RawBatch, error: unknown): BatchOutcome {
  const { kind, name } = classify(error);
  if (kind === "temporary") return { kind: "retry", error };
  const { topic, partition } = batch;
  const { unknownFailures } = partitions.count(batch, "unknownFailures");
  log.error(
    { topic, partition, offset: batch.messages[0]?.offset, unknownFailures, error },
    "batch failed unexpectedly",
  );
  if (unknownFailures < MOST_UNKNOWN_FAILURES) return { kind: "retry", error };
  return {
    kind: "stop_partition",
    reason: `a batch failed ${unknownFailures} times with ${name}; the log has the error`,
  };
}

interface Ended {
  readonly outcome: BatchOutcome;
  readonly batch: RawBatch;
  readonly payload: EachBatchPayload;
  readonly startedAt: number;
}

function follow(ended: Ended, settings: BatchRunnerSettings): void {
  const { outcome, batch } = ended;
  switch (outcome.kind) {
    case "done":
      moveOn(ended, outcome.nextOffset, settings);
      break;
    case "retry":
      tryAgain(batch, outcome, settings);
      break;
    case "stop_partition":
      settings.control.stop(batch, outcome.reason);
      break;
    case "seek":
      seek(batch, outcome.offset, settings);
      break;
    default:
      outcome satisfies never;
  }
}

function moveOn(ended: Ended, nextOffset: bigint, settings: BatchRunnerSettings): void {
  const { batch, payload, startedAt } = ended;
  const { topic, partition, messages, highWatermark } = batch;
  if (nextOffset <= (messages[0]?.offset ?? 0n)) {
    tryAgain(batch, { error: new Error("nothing of the batch was done") }, settings);
    return;
  }
  payload.resolveOffset(String(nextOffset - 1n));
  settings.commits.note({ topic, partition }, nextOffset, (offsets) => payload.commitOffsetsIfNecessary(offsets));
  settings.partitions.succeeded(batch);
  const { name, metrics, log, clock } = settings;
  const lag = Math.max(0, Number(highWatermark - nextOffset));
  metrics.consumerLag.set({ consumer: name, topic, partition }, lag);
  const count = messages.filter(({ offset }) => offset < nextOffset).length;
  log.info({ topic, partition, messages: count, nextOffset, lag, durationMs: clock() - startedAt }, "batch done");
}

function tryAgain(batch: RawBatch, { error, afterMs }: Omit<Retry, "kind">, settings: BatchRunnerSettings): void {
  if (settings.isStopping()) return;
  const { retries } = settings.partitions.count(batch, "retries");
  const delayMs = afterMs ?? backoffDelayMs(RETRY_BACKOFF, retries, Math.random);
  settings.control.rest(batch, delayMs);
  settings.metrics.batchRetries.inc({ consumer: settings.name });
  const { topic, partition } = batch;
  settings.quiet.warn({ topic, partition, retries, delayMs, error }, "batch will be tried again");
}

type Retry = Extract<BatchOutcome, { readonly kind: "retry" }>;

function seek(batch: RawBatch, offset: bigint, settings: BatchRunnerSettings): void {
  const { seeks } = settings.partitions.count(batch, "seeks");
  settings.control.seek(batch, offset);
  if (seeks > QUICK_SEEKS) settings.control.rest(batch, backoffDelayMs(RETRY_BACKOFF, seeks, Math.random));
  const { topic, partition } = batch;
  settings.quiet.warn(
    { topic, partition, seeks, from: batch.messages[0]?.offset, to: offset },
    "partition continues elsewhere",
  );
}
