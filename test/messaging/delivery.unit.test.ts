import type { TopicMessages } from "kafkajs";
import { describe, expect, test } from "vitest";
import { createDelivery } from "../../messaging/delivery.ts";
import type { ProducerLink } from "../../messaging/producer-link.ts";
import { BrokerAway, MessageRefused, OutcomeUnknown } from "../../messaging/publish-errors.ts";
import { allAcknowledged, WaitingMessage } from "../../messaging/waiting-message.ts";

const named = (name: string, more: object = {}) => Object.assign(new Error("x"), { name, ...more });
const unreachable = named("KafkaJSConnectionError", { code: "ECONNREFUSED" });
const closed = named("KafkaJSConnectionClosedError");
const refused = named("KafkaJSProtocolError", { type: "MESSAGE_TOO_LARGE" });

describe("createDelivery", () => {
  test("one request is in flight; what comes meanwhile goes out together, in order", async () => {
    const kafka = playedLink();
    const { add } = setUp(kafka);
    const [a, b, c] = [message("a"), message("b"), message("c")];
    add([a]);
    add([b]);
    add([c]);
    kafka.release();
    await Promise.all([a, b, c].map(acknowledged));
    expect(kafka.requests).toEqual(["a", "b c"]);
  });

  test("a request holds no more than its bytes, and at least one message", async () => {
    const kafka = playedLink();
    const { add } = setUp(kafka);
    const messages = ["a", "b", "c", "d"].map((text) => message(text, text === "c" ? 1_000 : 40));
    kafka.release();
    add(messages);
    await Promise.all(messages.map(acknowledged));
    expect(kafka.requests).toEqual(["a b", "c", "d"]);
  });

  test("a message Kafka never takes is refused alone; its neighbours arrive", async () => {
    const kafka = playedLink((texts) => (texts.includes("huge") ? refused : undefined));
    const { add } = setUp(kafka);
    const messages = ["a", "huge", "b"].map((text) => message(text));
    kafka.release();
    add(messages);
    const results = await Promise.allSettled(messages.map(acknowledged));
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(messages[1]?.error).toBeInstanceOf(MessageRefused);
    expect(kafka.requests).toEqual(["a huge b", "a", "huge", "b"]);
  });

  test("when no broker can be reached everybody hears at once that nothing was sent", async () => {
    const kafka = playedLink(() => unreachable);
    const { add } = setUp(kafka);
    const messages = [message("a"), message("b")];
    kafka.release();
    for (const one of messages) add([one]);
    for (const one of messages) await expect(acknowledged(one)).rejects.toBeInstanceOf(BrokerAway);
    expect(kafka.requests).toEqual(["a"]);
    expect(kafka.isConnected()).toBe(false);
  });

  test("what may have been sent is sent again once Kafka is back, and never called unsent", async () => {
    const failures = [closed, unreachable, undefined];
    const kafka = playedLink(() => failures.shift());
    const { add } = setUp(kafka);
    const one = message("a");
    kafka.release();
    add([one]);
    await kafka.wasLost;
    expect([one.isSettled, one.mayBeSent]).toEqual([false, true]);
    kafka.reconnect();
    await acknowledged(one);
    expect(kafka.requests).toEqual(["a", "a", "a"]);
  });

  test("when its time is up in flight the outcome is unknown, and the next one does not wait for kafkajs", async () => {
    const kafka = playedLink();
    const { add } = setUp(kafka);
    const [first, second] = [message("a"), message("b")];
    add([first]);
    add([second]);
    first.fail(new OutcomeUnknown());
    await expect(acknowledged(first)).rejects.toBeInstanceOf(OutcomeUnknown);
    kafka.release();
    await acknowledged(second);
    expect(kafka.requests).toEqual(["a", "b"]);
  });
});

function setUp(link: ProducerLink) {
  return createDelivery({ link, maxBytes: 100, metrics: {} });
}

function message(text: string, bytes = 10): WaitingMessage {
  return new WaitingMessage({ topic: "t", bytes, message: { key: null, value: text } });
}

function acknowledged(one: WaitingMessage): Promise<void> {
  return allAcknowledged([one], 5_000, () => {
    throw new Error("nobody waits that long here");
  });
}

/** A link that holds requests until release(), and then fails them as told. */
function playedLink(failureOf: (texts: readonly string[]) => Error | undefined = () => undefined) {
  const requests: string[] = [];
  const released = Promise.withResolvers<void>();
  const lost = Promise.withResolvers<void>();
  let connected = Promise.withResolvers<void>();
  connected.resolve();
  let isConnected = true;
  return {
    requests,
    release: () => released.resolve(),
    wasLost: lost.promise,
    reconnect: () => {
      isConnected = true;
      connected.resolve();
    },
    open: async () => undefined,
    isConnected: () => isConnected,
    connected: () => connected.promise,
    send: async (topicMessages: TopicMessages[]) => {
      const texts = topicMessages.flatMap(({ messages }) => messages.map(({ value }) => String(value)));
      requests.push(texts.join(" "));
      await released.promise;
      const failure = failureOf(texts);
      if (failure) throw failure;
    },
    lost: () => {
      isConnected = false;
      connected = Promise.withResolvers<void>();
      lost.resolve();
    },
    close: async () => undefined,
  };
}
