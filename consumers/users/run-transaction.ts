import type { RawBatch } from "../../messaging/batch.ts";
import type { Codec } from "../../messaging/codec.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Log } from "../../runtime/log.ts";
import type { AddressedDecision, DecisionSender } from "../../storage/decisions.ts";
import type { UserChangeSender } from "../../storage/user-changes.ts";
import type { OutgoingMessage, ParkedValue, SharedResult } from "../../storage/user-store/batch.ts";
import type { SharingUserStore } from "../../storage/user-store.ts";
import { type ApplySettings, applyTogether, type Committed, type Range } from "./apply-messages.ts";
import { decodeMessages, parkedValue } from "./decode-messages.ts";
import type { Partitions } from "./partitions.ts";
import type { PoisonLimit } from "./poison-limit.ts";

export interface TransactionSettings {
  readonly codec: Codec;
  readonly store: SharingUserStore;
  readonly decisions: DecisionSender;
  readonly changes: UserChangeSender;
  readonly partitions: Partitions;
  readonly poisonLimit: PoisonLimit;
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

/** A batch of a partition that may be worked on. */
export interface AdmittedBatch extends RawBatch {
  readonly clusterId: string;
}

type Settled = PromiseSettledResult<SharedResult>;

/**
 * Decodes batches of different partitions, applies them in one transaction, and does what follows the commit. A result,
 * or why there is none, for each batch in their order. Never rejects.
 */
export async function runTransaction(
  batches: readonly AdmittedBatch[],
  settings: TransactionSettings,
): Promise<readonly Settled[]> {
  const { metrics, clock } = settings;
  const startedAt = clock();
  const now = new Date(startedAt).toISOString();
  const decoded = await Promise.allSettled(batches.map((batch) => toRange(batch, settings, now)));
  const ranges = decoded.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const applied = await applyTogether(ranges, applySettings(batches, settings, now));
  for (const [index, { partition }] of ranges.entries()) {
    if (applied[index]?.status === "rejected") settings.partitions.doubt(partition);
  }
  const results = applied.values();
  const size = ranges.reduce((sum, { messages }) => sum + messages.length, 0);
  metrics.batchSize.observe({ consumer: "users" }, size);
  metrics.batchDuration.observe({ consumer: "users" }, (clock() - startedAt) / 1_000);
  return decoded.map((one) => (one.status === "rejected" ? one : (results.next().value ?? NO_RESULT)));
}

const NO_RESULT: Settled = { status: "rejected", reason: new Error("a batch has no result") };

async function toRange(batch: AdmittedBatch, { codec, partitions }: TransactionSettings, now: string): Promise<Range> {
  const { topic, partition, clusterId } = batch;
  const messages = await decodeMessages(batch, codec, now);
  return { topic, partition, clusterId, messages, publishedThrough: partitions.unrecorded(partition) };
}

function applySettings(batches: readonly RawBatch[], settings: TransactionSettings, now: string) {
  const { store, log, poisonLimit, metrics } = settings;
  return {
    ...{ store, log },
    committed: (all) => afterCommit(all, settings),
    poisoned: (partition) => {
      poisonLimit.count(partition);
      metrics.poisonedCommands.inc();
    },
    parkedValueOf: ({ offset }, detail, partition) => {
      const batch = batches.find((candidate) => candidate.partition === partition);
      const message = batch?.messages.find((candidate) => candidate.offset === offset);
      if (batch === undefined || message === undefined) throw new Error("the failing message is in no batch");
      return parkedValue({ batch, message, now }, { reason: "command_failed", detail });
    },
  } satisfies ApplySettings;
}

function afterCommit(all: readonly Committed[], settings: TransactionSettings): void {
  const { partitions } = settings;
  const decisions = all.flatMap(({ result }) => result.decisions);
  const outgoing = all.flatMap(({ result }) => result.outgoing);
  void settings.decisions.send(decisions);
  void settings.changes.send(changedUsers(outgoing));
  for (const { batch, result } of all) {
    partitions.offer(batch.partition, result.outgoing);
    if (batch.publishedThrough !== undefined) partitions.recorded(batch.partition, batch.publishedThrough);
  }
  countParked(settings, outgoing);
  tellMismatches(settings, decisions);
}

/** Every event is under its user's key. */
function changedUsers(outgoing: readonly OutgoingMessage[]): readonly string[] {
  return outgoing.filter(({ topic }) => topic === "userEvents").flatMap(({ key }) => key ?? []);
}

function countParked({ metrics }: TransactionSettings, outgoing: readonly OutgoingMessage[]): void {
  for (const { topic, value } of outgoing) {
    if (topic === "parked") metrics.parked.inc({ consumer: "users", reason: (value as ParkedValue).reason }, 1);
  }
}

/** D3: whoever answers for somebody else mixes up users, or tries what the answer gives away. */
function tellMismatches({ log, metrics }: TransactionSettings, decisions: readonly AddressedDecision[]): void {
  for (const { decision } of decisions) {
    if (decision.refusal?.code !== "REFERENCE_ID_MISMATCH") continue;
    log.warn({ commandId: decision.commandId }, "An answer to a data request named another user");
    metrics.referenceIdMismatches.inc();
  }
}
