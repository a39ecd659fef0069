import { setTimeout as wait } from "node:timers/promises";
import type { TopicMessages } from "kafkajs";
import { backoffDelayMs } from "../runtime/backoff.ts";
import { judgeProduceFailure } from "./produce-failure.ts";
import type { ProducerLink } from "./producer-link.ts";
import { BrokerAway, MessageRefused } from "./publish-errors.ts";
import { allSettled, type WaitingMessage } from "./waiting-message.ts";

/** Brings messages to Kafka in the order in which they were added, one produce request at a time. */
export interface Delivery {
  readonly add: (messages: readonly WaitingMessage[]) => void;
  /** Kafka does not answer: what was not sent yet is told so, what may have been sent is tried again once it is back. */
  readonly lost: (error: unknown) => void;
}

/** What a publisher measures, when it is measured. */
export interface PublisherMetrics {
  /** Messages per acknowledged produce request. */
  readonly producedMessages?: { readonly observe: (count: number) => void };
  readonly produceDuration?: { readonly observe: (seconds: number) => void };
}

export interface DeliverySettings {
  readonly link: ProducerLink;
  readonly maxBytes: number;
  readonly metrics: PublisherMetrics;
}

/** kafkajs copies a partition's list of messages once per message, so a request is kept short. */
const MOST_MESSAGES = 300;
const RETRY_BACKOFF = { firstMs: 50, capMs: 500 };

type Attempt = { readonly kind: "acknowledged" | "settled" } | { readonly kind: "failed"; readonly error: unknown };

/** Nothing on its way. Never rejects and never throws: every message is settled on its own. */
export function createDelivery({ link, maxBytes, metrics }: DeliverySettings): Delivery {
  const queue: WaitingMessage[] = [];
  let isDelivering = false;

  const lost = (error: unknown, inRequest: readonly WaitingMessage[] = []): void => {
    link.lost(error);
    const notSent = [...queue.splice(0), ...inRequest.filter(({ mayBeSent }) => !mayBeSent)];
    for (const message of notSent) message.fail(new BrokerAway({ cause: error }));
  };
  const attempt = async (messages: readonly WaitingMessage[]): Promise<Attempt> => {
    const startedAt = performance.now();
    const sent = link.send(groupByTopic(messages)).then(
      () => ({ kind: "acknowledged" }) as const,
      (error: unknown) => ({ kind: "failed", error }) as const,
    );
    // Their time may be up long before kafkajs gives up.
    const result = await Promise.race([sent, allSettled(messages).then(() => ({ kind: "settled" }) as const)]);
    if (result.kind === "acknowledged") {
      metrics.producedMessages?.observe(messages.length);
      metrics.produceDuration?.observe((performance.now() - startedAt) / 1_000);
    }
    return result;
  };
  const deliver = async (messages: readonly WaitingMessage[]): Promise<void> => {
    for (let number = 1; ; number += 1) {
      const open = messages.filter(({ isSettled }) => !isSettled);
      if (open.length === 0) return;
      const sentBefore = new Set(open.filter(({ mayBeSent }) => mayBeSent));
      for (const message of open) message.mayBeSent = true;
      const result = await attempt(open);
      if (result.kind !== "failed") return acknowledgeAll(result.kind === "acknowledged" ? open : []);
      const failure = judgeProduceFailure(result.error);
      if (failure === "refused") return refuse(open, result.error);
      if (failure !== "perhaps_sent") for (const message of open) message.mayBeSent = sentBefore.has(message);
      if (failure === "unreachable") lost(result.error, open);
      await Promise.race([restAfter(number), allSettled(open)]);
    }
  };
  const restAfter = async (number: number): Promise<void> => {
    await wait(backoffDelayMs(RETRY_BACKOFF, number, Math.random));
    await link.connected();
  };
  /** Only one of several may be at fault. */
  const refuse = async (messages: readonly WaitingMessage[], error: unknown): Promise<void> => {
    const reason = error instanceof Error ? error.message : "unknown";
    if (messages.length === 1) messages[0]?.fail(new MessageRefused(reason, { cause: error }));
    else for (const message of messages) await deliver([message]);
  };
  const deliverAll = async (): Promise<void> => {
    isDelivering = true;
    while (queue.length > 0) await deliver(takeRequest(queue, maxBytes));
    isDelivering = false;
  };

  return {
    add: (messages) => {
      queue.push(...messages);
      if (!isDelivering) void deliverAll();
    },
    lost,
  };
}

function acknowledgeAll(messages: readonly WaitingMessage[]): void {
  for (const message of messages) message.acknowledge();
}

/** Takes the front of the queue, at least one message. */
function takeRequest(queue: WaitingMessage[], maxBytes: number): readonly WaitingMessage[] {
  let count = 0;
  let bytes = 0;
  for (const message of queue) {
    bytes += message.bytes;
    if (count > 0 && (bytes > maxBytes || count >= MOST_MESSAGES)) break;
    count += 1;
  }
  return queue.splice(0, count);
}

function groupByTopic(messages: readonly WaitingMessage[]): TopicMessages[] {
  const byTopic = Map.groupBy(messages, ({ topic }) => topic);
  return [...byTopic].map(([topic, group]) => ({ topic, messages: group.map(({ message }) => message) }));
}
