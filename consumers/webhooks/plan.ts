import type { AssignmentControl } from "../../messaging/assignments.ts";
import type { BatchControl, BatchOutcome, RawBatch, TopicPartition } from "../../messaging/batch.ts";
import type { Metrics } from "../../runtime/metrics.ts";
import type { ArrivalResult, SharedArrivalResult } from "../../storage/delivery-store-arrivals.ts";
import { createSharedTransactions, type SharedTransactions } from "../shared-transactions.ts";
import type { Admission } from "../users/admission.ts";
import { type AdmittedEvents, type KeepSettings, keepAlone, keepEvents } from "./keep-events.ts";

export interface PlanSettings extends KeepSettings {
  /** Whether partitions may be worked on and from where; rejects when Kafka or Postgres cannot be asked. */
  readonly admit: (partitions: readonly number[]) => Promise<ReadonlyMap<number, Admission>>;
  readonly metrics: Pick<Metrics, "batchSize" | "batchDuration">;
}

/** What the runner of m2m.user-events calls. */
export interface Plan {
  readonly onAssigned: (assigned: readonly TopicPartition[], control: AssignmentControl) => Promise<void>;
  readonly onBatch: (batch: RawBatch, control: BatchControl) => Promise<BatchOutcome>;
  /** How far each partition of this assignment was kept, as far as this process has kept it. */
  readonly kept: () => ReadonlyMap<number, bigint>;
  /** Everything of the partition from that offset on again. */
  readonly goBack: (partition: number, offset: bigint) => void;
}

/** The most events in one transaction: enough to share what it costs, little enough to find slots for most. */
const TRANSACTION_LIMIT = 100;
/** One that is being planned here while Postgres writes another. */
const TRANSACTIONS_AT_ONCE = 2;
/** So few events wait for no other transaction: at such rates there is time to spare. */
const MOST_AT_LEISURE = 4;

/**
 * Turns events into deliveries: the offset depends on a local commit and on no partner's server. What cannot be read, or
 * cannot be kept when it is alone, is parked; its neighbours go on.
 */
export function createPlan(settings: PlanSettings): Plan {
  const clusterOf = new Map<number, string>();
  const hasSought = new Set<number>();
  const kept = new Map<number, bigint>();
  let seek: ((partition: number, offset: bigint) => void) | null = null;
  const shared = createSharedTransactions<AdmittedEvents, SharedArrivalResult>({
    mostMessages: TRANSACTION_LIMIT,
    mostAtOnce: TRANSACTIONS_AT_ONCE,
    mostAtLeisure: MOST_AT_LEISURE,
    run: (batches) => measured(batches, settings),
  });
  return {
    onAssigned: async (assigned, control) => {
      clusterOf.clear();
      hasSought.clear();
      kept.clear();
      const admissions = await settings.admit(assigned.map(({ partition }) => partition));
      const topic = assigned[0]?.topic ?? "";
      seek = (partition, offset) => control.seek({ topic, partition }, offset);
      for (const place of assigned) {
        const admission = admissions.get(place.partition);
        if (admission === undefined) continue;
        if (admission.kind === "stopped") control.stopPartition(place, admission.reason);
        else {
          clusterOf.set(place.partition, admission.clusterId);
          control.seek(place, admission.nextOffset);
        }
      }
    },
    onBatch: async (batch, control) => {
      const clusterId = clusterOf.get(batch.partition);
      if (clusterId === undefined) return { kind: "stop_partition", reason: "the partition was never admitted" };
      const outcome = await planBatch({ batch: { ...batch, clusterId }, control, settings, shared });
      if (outcome.kind === "done" && control.isActive()) {
        kept.set(batch.partition, outcome.nextOffset);
        hasSought.delete(batch.partition);
      }
      if (outcome.kind !== "seek") return outcome;
      if (hasSought.has(batch.partition)) return { kind: "stop_partition", reason: missing(batch, outcome.offset) };
      hasSought.add(batch.partition);
      return outcome;
    },
    kept: () => kept,
    goBack: (partition, offset) => {
      seek?.(partition, offset);
      kept.set(partition, offset);
    },
  };
}

async function measured(batches: readonly AdmittedEvents[], settings: PlanSettings) {
  const { metrics, clock } = settings;
  const startedAt = clock();
  const results = await keepEvents(batches, settings);
  const size = batches.reduce((sum, { messages }) => sum + messages.length, 0);
  metrics.batchSize.observe({ consumer: "webhooks" }, size);
  metrics.batchDuration.observe({ consumer: "webhooks" }, (clock() - startedAt) / 1_000);
  return results;
}

interface Work {
  readonly batch: AdmittedEvents;
  readonly control: Pick<BatchControl, "isActive">;
  readonly settings: PlanSettings;
  readonly shared: SharedTransactions<AdmittedEvents, SharedArrivalResult>;
}

async function planBatch({ batch, control, settings, shared }: Work): Promise<BatchOutcome> {
  const begun = batch.messages[0]?.offset ?? 0n;
  let nextOffset = begun;
  for (let rest = batch.messages; rest.length > 0 && control.isActive(); ) {
    const result = await keepFront({ ...batch, messages: rest }, settings, shared);
    if (result.kind !== "kept") return notKept(batch, result);
    ({ nextOffset } = result);
    rest = rest.filter(({ offset }) => offset >= nextOffset);
  }
  // Nothing was done: the assignment is lost, and whoever has the partition now gets the same messages.
  if (nextOffset === begun) return { kind: "retry", error: new Error("the assignment was lost") };
  return { kind: "done", nextOffset };
}

/** A fence that somebody else holds is waited for by its own partition, apart from the others. */
async function keepFront(
  batch: AdmittedEvents,
  settings: PlanSettings,
  shared: Work["shared"],
): Promise<ArrivalResult> {
  const result = await shared.apply(batch);
  if (result.kind !== "fenced") return result;
  return keepAlone({ ...batch, messages: batch.messages.slice(0, TRANSACTION_LIMIT) }, settings);
}

/** A gap is mended by going back to where we are; if it is still there afterwards, messages are missing. */
function notKept({ partition }: RawBatch, result: Exclude<ArrivalResult, { kind: "kept" }>): BatchOutcome {
  if (result.kind === "gap") return { kind: "seek", offset: result.nextOffset };
  const reason = `the progress of partition ${partition} belongs to another Kafka cluster or was removed`;
  return { kind: "stop_partition", reason };
}

function missing({ partition, messages }: RawBatch, nextOffset: bigint): string {
  return `offsets from ${nextOffset} to ${messages[0]?.offset} are missing in partition ${partition}`;
}
