import type { Clock } from "../runtime/clock.ts";
import type { Metrics } from "../runtime/metrics.ts";
import type { TopicKey } from "../schemas/topics.ts";
import type { BatchControl, BatchOutcome, RawBatch, RawMessage, TopicPartition } from "./batch.ts";
import type { Codec } from "./codec.ts";
import { type ParkingReason, parkedMessage } from "./parking.ts";
import type { Publisher } from "./publisher.ts";
import { SchemaViolation } from "./schema-errors.ts";

/** A message whose bytes fit the topic's schema. */
export interface DecodedMessage extends TopicPartition, Omit<RawMessage, "value"> {
  readonly value: unknown;
}

/** What is to become of one message. */
export type Outcome =
  /** Durably dealt with. */
  | { readonly kind: "done" }
  /** This message and all behind it again, after so long: those behind it must not overtake it. */
  | { readonly kind: "retry"; readonly afterMs: number }
  /** Nobody can deal with it: to the parked topic. */
  | ({ readonly kind: "park" } & ParkingReason);

export interface HandlingSettings {
  readonly topic: TopicKey;
  readonly consumerName: string;
  readonly codec: Codec;
  readonly publisher: Pick<Publisher, "publishAll">;
  /**
   * One outcome per message, in the same order. Called again with messages it has seen whenever a batch comes again, so
   * what it does must be harmless when repeated. Never called with an empty list.
   */
  readonly handle: (messages: readonly DecodedMessage[], control: BatchControl) => Promise<readonly Outcome[]>;
  readonly metrics: Pick<Metrics, "parked" | "batchSize" | "batchDuration">;
  readonly clock: Clock;
}

/**
 * An onBatch for consumers that look at messages one by one. A message that does not fit its schema is parked and does
 * not reach `handle`; the messages around it do. The offset moves only when everything parked is acknowledged.
 * The registry or Kafka being away fails the batch, which then comes again.
 */
export function handleMessages(
  settings: HandlingSettings,
): (batch: RawBatch, control: BatchControl) => Promise<BatchOutcome> {
  const { consumerName: consumer, metrics, clock } = settings;
  return async (batch, control) => {
    const startedAt = clock();
    const outcome = await handleBatch(settings, batch, control);
    metrics.batchSize.observe({ consumer }, batch.messages.length);
    metrics.batchDuration.observe({ consumer }, (clock() - startedAt) / 1_000);
    return outcome;
  };
}

async function handleBatch(settings: HandlingSettings, batch: RawBatch, control: BatchControl): Promise<BatchOutcome> {
  const read = await Promise.all(batch.messages.map((message) => decode(settings, batch, message)));
  const decoded = read.flatMap((one) => (one.kind === "decoded" ? [one.message] : []));
  const outcomes = decoded.length === 0 ? [] : await settings.handle(decoded, control);
  if (outcomes.length !== decoded.length) {
    throw new Error(`${settings.consumerName} gave ${outcomes.length} outcomes for ${decoded.length} messages`);
  }
  const remaining = outcomes[Symbol.iterator]();
  const all = read.map((one): Outcome => (one.kind === "park" ? one : (remaining.next().value as Outcome)));
  return conclude(settings, batch, all);
}

type Read = { readonly kind: "decoded"; readonly message: DecodedMessage } | Extract<Outcome, { kind: "park" }>;

async function decode({ codec, topic }: HandlingSettings, batch: RawBatch, message: RawMessage): Promise<Read> {
  if (message.value === null) return { kind: "park", reason: "no_value", detail: "The message has no value" };
  try {
    const value = await codec.decode(message.value, topic);
    return { kind: "decoded", message: { ...message, topic: batch.topic, partition: batch.partition, value } };
  } catch (error) {
    if (!(error instanceof SchemaViolation)) throw error;
    return { kind: "park", reason: "not_in_schema", detail: error.message };
  }
}

/** What was parked before a message that has to come again is parked for good; what is behind it waits with it. */
async function conclude(
  settings: HandlingSettings,
  batch: RawBatch,
  outcomes: readonly Outcome[],
): Promise<BatchOutcome> {
  const firstRetry = outcomes.findIndex(({ kind }) => kind === "retry");
  const settled = firstRetry === -1 ? outcomes.length : firstRetry;
  await park(settings, batch, outcomes.slice(0, settled));
  const retry = outcomes[settled];
  const last = batch.messages[settled - 1];
  // The messages before it are done with; it is then the first of the next batch.
  if (last !== undefined) return { kind: "done", nextOffset: last.offset + 1n };
  const afterMs = retry?.kind === "retry" ? retry.afterMs : 0;
  return { kind: "retry", error: new Error(`${settings.consumerName} asked for another try`), afterMs };
}

async function park(settings: HandlingSettings, batch: RawBatch, outcomes: readonly Outcome[]): Promise<void> {
  const { topic, partition, messages } = batch;
  const parked = outcomes.flatMap((outcome, index) => {
    const message = messages[index];
    return outcome.kind === "park" && message ? [{ original: { topic, partition, ...message }, why: outcome }] : [];
  });
  if (parked.length === 0) return;
  await settings.publisher.publishAll(parked.map(({ original, why }) => parkedMessage(original, why, settings)));
  for (const { why } of parked) settings.metrics.parked.inc({ consumer: settings.consumerName, reason: why.reason });
}
