import { setTimeout as wait } from "node:timers/promises";
import type { Codec } from "../../messaging/codec.ts";
import { type DecodedMessage, handleMessages, type Outcome } from "../../messaging/handle-messages.ts";
import type { OutgoingMessage, Publisher } from "../../messaging/publisher.ts";
import { type ConsumerSettings, type RunningConsumer, runConsumer } from "../../messaging/run-consumer.ts";
import { childOf, formatTraceparent, parseTraceparent } from "../../runtime/trace.ts";
import type { TopicKey } from "../../schemas/topics.ts";

/** One thing that a played system says about a request. */
export interface PlayedAnswer {
  readonly topic: TopicKey;
  readonly key: string;
  /** The same for a request that comes again, so that a second answer is known as a repeat. */
  readonly providerEventId: string;
  /** All but provider, providerEventId and occurredAt. */
  readonly facts: Readonly<Record<string, unknown>>;
}

export interface AnsweringSettings {
  readonly consumer: Omit<ConsumerSettings, "onBatch" | "onAssigned">;
  readonly topic: TopicKey;
  readonly codec: Codec;
  readonly publisher: Pick<Publisher, "publishAll">;
  /** Between a request and its first answer, and between two answers. */
  readonly delayMs: number;
  /** What the played system says, one after another; nothing for a request that is not for it. */
  readonly answers: (request: unknown) => readonly PlayedAnswer[];
}

/** Partitions whose requests wait at the same time; with few, the delays of the others would add up. */
const PARTITIONS_AT_A_TIME = 64;

/**
 * A played system: answers requests after a delay that counts from the request's own time, so that many requests wait
 * together. The offset moves only when the answers are acknowledged: killed in between, it answers again.
 */
export function createAnsweringConsumer(settings: AnsweringSettings): RunningConsumer {
  const { topic, codec, publisher } = settings;
  const { name: consumerName, metrics, clock } = settings.consumer;
  const stopping = new AbortController();
  const handle = (requests: readonly DecodedMessage[]) =>
    Promise.all(requests.map((request) => answer(settings, request, stopping.signal)));
  const runner = runConsumer({
    ...settings.consumer,
    partitionsConsumedConcurrently: PARTITIONS_AT_A_TIME,
    onBatch: handleMessages({ topic, consumerName, codec, publisher, handle, metrics, clock }),
  });
  return {
    ...runner,
    stop: () => {
      stopping.abort();
      return runner.stop();
    },
  };
}

async function answer(settings: AnsweringSettings, request: DecodedMessage, stop: AbortSignal): Promise<Outcome> {
  const { answers, delayMs, publisher, consumer } = settings;
  let dueAt = Number(request.timestamp);
  for (const played of answers(request.value)) {
    dueAt += delayMs;
    // Ended early by stop(); the request then comes again when the sandbox is back.
    await wait(Math.max(0, dueAt - consumer.clock()), undefined, { signal: stop }).catch(() => undefined);
    if (stop.aborted) return { kind: "retry", afterMs: 0 };
    await publisher.publishAll([toMessage(played, request, consumer.clock())]);
  }
  return { kind: "done" };
}

function toMessage(played: PlayedAnswer, request: DecodedMessage, nowMs: number): OutgoingMessage {
  const { topic, key, providerEventId, facts } = played;
  const occurredAt = new Date(nowMs).toISOString();
  return {
    topic,
    key,
    value: { provider: "sandbox", providerEventId, occurredAt, ...facts },
    headers: {
      messageId: providerEventId,
      type: topic,
      occurredAt,
      causationId: request.headers["messageId"] ?? key,
      traceparent: formatTraceparent(childOf(parseTraceparent(request.headers["traceparent"]))),
    },
  };
}
