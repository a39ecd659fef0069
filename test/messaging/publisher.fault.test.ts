import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createPublisher, type Publisher } from "../../messaging/publisher.ts";
import type { KafkaService } from "../../stack/kafka.ts";
import { keepingLog, startTestKafka, type TestKafka } from "../support/kafka.ts";
import { type ServicePlace, startPrivateKafka } from "../support/private-services.ts";

let broker: KafkaService & ServicePlace;
let own: TestKafka;

beforeAll(async () => {
  broker = await startPrivateKafka();
  own = await startTestKafka({ brokers: [broker.brokers], topics: ["cipResults"] });
});
afterAll(async () => {
  await own.stop();
  await broker.stop();
});

describe("a publisher whose broker", () => {
  test("is paused: what is acknowledged is there, what is called unsent is not, the rest is called unknown", async () => {
    // Long enough that a broker which is only slow after its pause is not taken for one that is away again.
    const { publisher, log } = await start(5_000);
    const told = await publishThrough(publisher, async (count) => {
      await count.reaches("acknowledged", 500);
      await broker.pause();
      await count.reaches("OutcomeUnknown", 1);
      await count.reaches("BrokerAway", 100);
      expect(publisher.isConnected()).toBe(false);
      const before = count.of("acknowledged");
      await broker.resume();
      await count.reaches("acknowledged", before + 500);
    });
    await publisher.stop();
    const there = new Set(await numbersInTopic(told.acknowledged));
    expect(told.acknowledged.filter((number) => !there.has(number))).toEqual([]);
    expect(told.BrokerAway.filter((number) => there.has(number))).toEqual([]);
    expect(told.OutcomeUnknown.length).toBeGreaterThan(0);
    expect(log.filter(({ text }) => text.startsWith("Kafka is away"))).toHaveLength(1);
  });

  test("is killed and comes back: refused within a moment, accepted within seconds", async () => {
    const { publisher, log } = await start();
    await publisher.publish(result(1_000_000));
    await broker.kill();
    const killedAt = performance.now();
    await expect(publisher.publish(result(1_000_001))).rejects.toMatchObject({ name: /BrokerAway|OutcomeUnknown/ });
    expect(performance.now() - killedAt).toBeLessThan(4_000);
    await expect(publisher.publish(result(1_000_002))).rejects.toMatchObject({ name: "BrokerAway" });
    const awayForMs = performance.now() - killedAt;
    broker = await startPrivateKafka(broker);
    const backAt = performance.now();
    while (!(await isAccepted(publisher))) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(performance.now() - backAt).toBeLessThan(10_000);
    await publisher.stop();
    expect(log.length).toBeLessThan(2 + (awayForMs + performance.now() - backAt) / 1_000);
  });
});

async function start(ackTimeoutMs = 2_000) {
  const { log, lines } = keepingLog();
  const publisher = createPublisher({ ...own, ackTimeoutMs, log });
  await publisher.start();
  return { publisher, log: lines };
}

/** Connected is not yet accepted: a broker that has just started may not lead its partitions yet. */
function isAccepted(publisher: Publisher): Promise<boolean> {
  return publisher.publish(result(1_000_003)).then(
    () => true,
    () => false,
  );
}

type Told = "acknowledged" | "OutcomeUnknown" | "BrokerAway";

/** Publishes numbers from 20 callers at once until `during` is over, and keeps what was told about each. */
async function publishThrough(publisher: Publisher, during: (count: Count) => Promise<void>) {
  const told: Record<Told, number[]> = { acknowledged: [], OutcomeUnknown: [], BrokerAway: [] };
  const waiting = new Set<() => void>();
  let next = 0;
  let isOver = false;
  const tell = (what: Told, number: number) => {
    told[what].push(number);
    for (const check of waiting) check();
  };
  const caller = async () => {
    while (!isOver) {
      const number = next++;
      await publisher.publish(result(number)).then(
        () => tell("acknowledged", number),
        (error: Error) => tell(error.name as Told, number),
      );
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  };
  const callers = Array.from({ length: 20 }, caller);
  const count: Count = {
    of: (what) => told[what].length,
    reaches: (what, number) =>
      new Promise((resolve) => {
        const check = () => {
          if (told[what].length < number) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
  };
  await during(count);
  isOver = true;
  await Promise.all(callers);
  return told;
}

interface Count {
  readonly of: (what: Told) => number;
  readonly reaches: (what: Told, number: number) => Promise<void>;
}

function result(revision: number) {
  const occurredAt = "2026-01-31T09:30:00.000Z";
  const value = { attemptId: "cip_x", provider: "p", providerEventId: "e", outcome: "verified", revision, occurredAt };
  return { topic: "cipResults", key: String(revision % 50), value } as const;
}

/** All numbers in the topic, read at least until those are found. */
async function numbersInTopic(expected: readonly number[]): Promise<readonly number[]> {
  const missing = new Set(expected);
  const last = result(2_000_000);
  await own.writeValues("cipResults", "last", [last.value]);
  let hasLast = false;
  const values = (await own.readValues("cipResults", (all) => {
    const { revision } = all.at(-1) as { revision: number };
    missing.delete(revision);
    hasLast ||= revision === 2_000_000;
    return missing.size === 0 && hasLast;
  })) as readonly { revision: number }[];
  return values.map(({ revision }) => revision);
}
