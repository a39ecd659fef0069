import type { BatchControl, BatchOutcome, RawBatch } from "../messaging/batch.ts";
import { classify } from "../messaging/failure-policy.ts";
import type { BatchResult, SharedResult } from "../storage/user-store/batch.ts";
import { createSharedTransactions, type SharedTransactions } from "./shared-transactions.ts";
import { createPoisonLimit } from "./users/poison-limit.ts";
import { type AdmittedBatch, runTransaction, type TransactionSettings } from "./users/run-transaction.ts";

export type UserCommandsSettings = Omit<TransactionSettings, "poisonLimit">;

/** What the runner calls for every batch of m2m.user-commands. */
export interface UserCommands {
  readonly onBatch: (batch: RawBatch, control: BatchControl) => Promise<BatchOutcome>;
}

/** The most commands in one transaction: enough to spare round trips, little enough to hold locks only shortly. */
const TRANSACTION_LIMIT = 500;
/** One that is being decided here while Postgres writes another. */
const TRANSACTIONS_AT_ONCE = 2;
const RETRY_AFTER_MS = 200;

/**
 * The only consumer that changes users (design.md section 3). Batches of one partition are applied in order; those of
 * several partitions that are there at the same time share a transaction.
 */
export function createUserCommands(settings: UserCommandsSettings): UserCommands {
  const transaction = { ...settings, poisonLimit: createPoisonLimit(settings.clock) };
  const shared = createSharedTransactions<AdmittedBatch, SharedResult>({
    mostMessages: TRANSACTION_LIMIT,
    mostAtOnce: TRANSACTIONS_AT_ONCE,
    mostAtLeisure: 0,
    run: (batches) => runTransaction(batches, transaction),
  });
  const applyTo = (batch: RawBatch, control: BatchControl) =>
    applyBatch({ batch, control, settings: transaction, shared });
  return {
    async onBatch(batch, control) {
      try {
        return await applyTo(batch, control);
      } catch (error) {
        const { kind, name } = classify(error);
        if (kind === "temporary" || !control.isActive()) return { kind: "retry", error, afterMs: RETRY_AFTER_MS };
        settings.log.error({ error, partition: batch.partition }, "A batch cannot be applied");
        return { kind: "stop_partition", reason: `a batch of partition ${batch.partition} failed with ${name}` };
      }
    },
  };
}

interface Work {
  readonly batch: RawBatch;
  readonly control: BatchControl;
  readonly settings: TransactionSettings;
  readonly shared: SharedTransactions<AdmittedBatch, SharedResult>;
}

async function applyBatch(work: Work): Promise<BatchOutcome> {
  const { batch, control, settings } = work;
  const { partition, messages } = batch;
  const admission = await settings.partitions.admission(partition);
  if (admission.kind === "stopped") return { kind: "stop_partition", reason: admission.reason };
  const { clusterId } = admission;
  let nextOffset = messages[0]?.offset ?? 0n;
  let rest = messages;
  while (rest.length > 0) {
    if (!control.isActive()) return { kind: "done", nextOffset };
    const result = await applyFront(work, { ...batch, clusterId, messages: rest });
    if (result.kind !== "committed") return notApplied(work, result);
    ({ nextOffset } = result);
    const applied = rest.findIndex(({ offset }) => offset >= nextOffset);
    rest = applied === -1 ? [] : rest.slice(applied);
    await control.heartbeat();
  }
  const isSick = settings.poisonLimit.isExceeded(partition);
  return isSick ? { kind: "stop_partition", reason: SICK } : { kind: "done", nextOffset };
}

const SICK = "too many commands of this partition failed within a minute; look at the parked topic and the log";

/** A fence that somebody else holds is waited for by its own partition, apart from the others. */
async function applyFront({ shared, settings }: Work, batch: AdmittedBatch): Promise<BatchResult> {
  const result = await shared.apply(batch);
  if (result.kind !== "fenced") return result;
  const front = { ...batch, messages: batch.messages.slice(0, TRANSACTION_LIMIT) };
  const [alone] = await runTransaction([front], settings);
  if (alone?.status === "fulfilled" && alone.value.kind !== "fenced") return alone.value;
  throw alone?.status === "rejected" ? alone.reason : new Error("a partition on its own was left out");
}

/** A gap is mended once per assignment by going back to where we are; if it is still there, messages are missing. */
function notApplied(work: Work, result: Exclude<BatchResult, { kind: "committed" }>): BatchOutcome {
  const { batch, settings } = work;
  if (result.kind === "gap" && settings.partitions.maySeek(batch.partition)) {
    return { kind: "seek", offset: result.nextOffset };
  }
  const reason =
    result.kind === "gap"
      ? `offsets from ${result.nextOffset} to ${batch.messages[0]?.offset} are missing in partition ${batch.partition}`
      : `the progress of partition ${batch.partition} belongs to another Kafka cluster or was removed`;
  return { kind: "stop_partition", reason };
}
