import type { BatchControl, BatchOutcome, RawBatch } from "../messaging/batch.ts";
import type { Codec } from "../messaging/codec.ts";
import { classify } from "../messaging/failure-policy.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Log } from "../runtime/log.ts";
import type { AddressedDecision, DecisionSender } from "../storage/decisions.ts";
import type { UserChangeSender } from "../storage/user-changes.ts";
import type { BatchResult, OutgoingMessage, ParkedValue } from "../storage/user-store/batch.ts";
import type { UserStore } from "../storage/user-store.ts";
import { applyMessages } from "./users/apply-messages.ts";
import { decodeMessages, parkedValue } from "./users/decode-messages.ts";
import type { Partitions } from "./users/partitions.ts";
import { createPoisonLimit } from "./users/poison-limit.ts";

export interface UserCommandsSettings {
  readonly codec: Codec;
  readonly store: UserStore;
  readonly decisions: DecisionSender;
  readonly changes: UserChangeSender;
  readonly partitions: Partitions;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: {
    readonly poisonedCommands: { readonly inc: () => void };
    readonly referenceIdMismatches: { readonly inc: () => void };
    readonly parked: { readonly inc: (labels: { consumer: string; reason: string }, by: number) => void };
    readonly batchSize: { readonly observe: (labels: { consumer: string }, size: number) => void };
    readonly batchDuration: { readonly observe: (labels: { consumer: string }, seconds: number) => void };
  };
}

/** What the runner calls for every batch of m2m.user-commands. */
export interface UserCommands {
  readonly onBatch: (batch: RawBatch, control: BatchControl) => Promise<BatchOutcome>;
}

/** The most commands in one transaction: enough to spare round trips, little enough to hold locks only shortly. */
const TRANSACTION_LIMIT = 500;
const RETRY_AFTER_MS = 200;

/** The only consumer that changes users (design.md section 3): batches of one partition, each in one transaction. */
export function createUserCommands(settings: UserCommandsSettings): UserCommands {
  const poisonLimit = createPoisonLimit(settings.clock);
  const applyTo = (batch: RawBatch, control: BatchControl) => applyBatch({ batch, control, settings, poisonLimit });
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
  readonly settings: UserCommandsSettings;
  readonly poisonLimit: ReturnType<typeof createPoisonLimit>;
}

async function applyBatch(work: Work): Promise<BatchOutcome> {
  const { batch, control, settings } = work;
  const { partition } = batch;
  const admission = await settings.partitions.admission(partition);
  if (admission.kind === "stopped") return { kind: "stop_partition", reason: admission.reason };
  let nextOffset = batch.messages[0]?.offset ?? 0n;
  for (let start = 0; start < batch.messages.length; start += TRANSACTION_LIMIT) {
    if (!control.isActive()) return { kind: "done", nextOffset };
    const part = { ...batch, messages: batch.messages.slice(start, start + TRANSACTION_LIMIT) };
    const result = await applyPart(work, part, admission.clusterId);
    if (result.kind !== "committed") return notApplied(work, result);
    nextOffset = result.nextOffset;
    await control.heartbeat();
  }
  const isSick = work.poisonLimit.isExceeded(partition);
  return isSick ? { kind: "stop_partition", reason: SICK } : { kind: "done", nextOffset };
}

const SICK = "too many commands of this partition failed within a minute; look at the parked topic and the log";

async function applyPart(work: Work, part: RawBatch, clusterId: string): Promise<BatchResult> {
  const { settings, poisonLimit } = work;
  const startedAt = settings.clock();
  const now = new Date(startedAt).toISOString();
  const messages = await decodeMessages(part, settings.codec, now);
  const { topic, partition } = part;
  const result = await applyMessages(
    { topic, partition, clusterId, messages },
    {
      store: settings.store,
      log: settings.log,
      committed: ({ decisions, outgoing }) => {
        void settings.decisions.send(decisions);
        void settings.changes.send(changedUsers(outgoing));
        settings.partitions.offer(partition, outgoing);
        countParked(settings, outgoing);
        tellMismatches(settings, decisions);
      },
      poisoned: () => {
        poisonLimit.count(partition);
        settings.metrics.poisonedCommands.inc();
      },
      parkedValueOf: ({ offset }, detail) => {
        const message = part.messages.find((candidate) => candidate.offset === offset);
        if (message === undefined) throw new Error("the failing message is not part of its batch");
        return parkedValue({ batch: part, message, now }, { reason: "command_failed", detail });
      },
    },
  );
  settings.metrics.batchSize.observe({ consumer: "users" }, messages.length);
  settings.metrics.batchDuration.observe({ consumer: "users" }, (settings.clock() - startedAt) / 1_000);
  return result;
}

/** Every event is under its user's key. */
function changedUsers(outgoing: readonly OutgoingMessage[]): readonly string[] {
  return outgoing.filter(({ topic }) => topic === "userEvents").flatMap(({ key }) => key ?? []);
}

function countParked({ metrics }: UserCommandsSettings, outgoing: readonly OutgoingMessage[]): void {
  for (const { topic, value } of outgoing) {
    if (topic === "parked") metrics.parked.inc({ consumer: "users", reason: (value as ParkedValue).reason }, 1);
  }
}

/** D3: whoever answers for somebody else mixes up users, or tries what the answer gives away. */
function tellMismatches({ log, metrics }: UserCommandsSettings, decisions: readonly AddressedDecision[]): void {
  for (const { decision } of decisions) {
    if (decision.refusal?.code !== "REFERENCE_ID_MISMATCH") continue;
    log.warn({ commandId: decision.commandId }, "An answer to a data request named another user");
    metrics.referenceIdMismatches.inc();
  }
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
