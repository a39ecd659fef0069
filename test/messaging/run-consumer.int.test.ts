import { setImmediate as nextTurn } from "node:timers/promises";
import type { Producer } from "kafkajs";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { BatchControl, BatchOutcome, RawBatch } from "../../messaging/batch.ts";
import { type ConsumerSettings, type RunningConsumer, runConsumer } from "../../messaging/run-consumer.ts";
import { systemClock } from "../../runtime/clock.ts";
import { createMetrics } from "../../runtime/metrics.ts";
import { silentLog, startTestKafka, type TestKafka } from "../support/kafka.ts";
import { recorder } from "./recorder.ts";

let own: TestKafka;
let producer: Producer;
const running: RunningConsumer[] = [];

beforeAll(async () => {
  own = await startTestKafka({ topics: [] });
  producer = own.kafka.producer();
  await producer.connect();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((consumer) => consumer.stop()));
});
afterAll(async () => {
  await producer.disconnect();
  await own.stop();
});

describe("runConsumer", () => {
  test("messages of a partition come in order, once, and a stopped consumer's successor goes on behind them", async () => {
    const topic = await newTopic();
    await topic.write([0, "a"], [0, "b"], [1, "c"]);
    const groupId = own.newGroup();
    const first = recorder();
    const one = await start({ topic, groupId, onBatch: first.onBatch });
    await first.until((seen) => seen.length === 3);
    expect(first.seen.filter((text) => text !== "c")).toEqual(["a", "b"]);
    await one.stop();
    await topic.write([0, "d"]);
    const second = recorder();
    await start({ topic, groupId, onBatch: second.onBatch });
    await second.until((seen) => seen.length === 1);
    expect(second.seen).toEqual(["d"]);
  });

  test("retry brings the same messages again, in order, while other partitions go on", async () => {
    const topic = await newTopic();
    await topic.write([0, "a"], [0, "b"]);
    let tries = 0;
    let hasNeighbour = false;
    const { seen, until, onBatch } = recorder(({ partition }) => {
      hasNeighbour ||= partition !== 0;
      if (partition !== 0) return undefined;
      tries += 1;
      const isTooEarly = tries <= 3 || !hasNeighbour;
      return isTooEarly ? { kind: "retry", error: new Error("not yet"), afterMs: 100 } : undefined;
    });
    const { metrics } = await start({ topic, onBatch });
    await topic.write([1, "neighbour"]);
    await until(() => seen.length === 3);
    expect(seen).toEqual(["neighbour", "a", "b"]);
    expect(tries).toBeGreaterThanOrEqual(4);
    expect(await metrics.text()).toContain(`m2m_batch_retries_total{consumer="test",component="test"} ${tries - 1}\n`);
  });

  test("a part that is done stays done when the rest comes again", async () => {
    const topic = await newTopic();
    await topic.write([0, "a"], [0, "b"], [0, "c"]);
    const batches: string[][] = [];
    const { until, onBatch } = recorder(({ messages }) => {
      batches.push(messages.map(({ value }) => String(value)));
      const [first] = messages;
      return first && messages.length === 3 ? { kind: "done", nextOffset: first.offset + 1n } : undefined;
    });
    await start({ topic, onBatch });
    await until((seen) => seen.length === 2);
    expect(batches).toEqual([
      ["a", "b", "c"],
      ["b", "c"],
    ]);
  });

  test("stop_partition leaves the other partitions running, is reported, and outlives a rebalance", async () => {
    const topic = await newTopic();
    await topic.write([0, "bad"], [1, "good"]);
    const { seen, until, onBatch } = recorder(({ partition }) =>
      partition === 0 ? { kind: "stop_partition", reason: "its log was cut" } : undefined,
    );
    const groupId = own.newGroup();
    const { consumer, metrics } = await start({ topic, groupId, onBatch });
    await until(() => seen.includes("good"));
    await stoppedPartition(consumer);
    const guest = await start({ topic, groupId, name: "guest", onBatch: recorder().onBatch });
    await guest.stop();
    await topic.write([0, "behind the bad one"], [1, "later"]);
    await until(() => seen.includes("later"));
    // At least once: what was not committed before the rebalance may come a second time.
    expect([...new Set(seen)]).toEqual(["good", "later"]);
    expect(await consumer.checks["test partitions"]?.()).toMatchObject({ ok: false });
    expect(await metrics.text()).toMatch(/m2m_partition_stopped\{.*partition="0".*\} 1/);
  });

  test("seek continues at the offset that was asked for", async () => {
    const topic = await newTopic();
    await topic.write([0, "a"], [0, "b"], [0, "c"]);
    const { seen, until, onBatch } = recorder(({ messages }) =>
      messages[0]?.offset === 0n ? { kind: "seek", offset: 2n } : undefined,
    );
    await start({ topic, onBatch });
    await until(() => seen.length === 1);
    expect(seen).toEqual(["c"]);
  });

  test("onAssigned has succeeded before the first batch, and may say where to begin or not to begin", async () => {
    const topic = await newTopic();
    await topic.write([0, "a"], [0, "b"], [1, "c"], [2, "d"]);
    const order: string[] = [];
    const { seen, until, onBatch } = recorder(({ partition }) => {
      order.push(`batch ${partition}`);
      return undefined;
    });
    await start({
      topic,
      onBatch,
      onAssigned: async (assigned, control) => {
        order.push(`assigned ${assigned.length}`);
        if (order.length < 3) throw Object.assign(new Error("x"), { code: "ECONNREFUSED" });
        control.seek({ topic: topic.name, partition: 0 }, 1n);
        control.stopPartition({ topic: topic.name, partition: 1 }, "not ours to touch");
      },
    });
    await until(() => seen.length === 2);
    expect(order.slice(0, 3)).toEqual(["assigned 4", "assigned 4", "assigned 4"]);
    expect(seen.toSorted()).toEqual(["b", "d"]);
  });

  test("a bug in onBatch stops its partition after five tries and never the process", async () => {
    const topic = await newTopic();
    await topic.write([0, "bug"], [1, "good"]);
    let tries = 0;
    const { until, onBatch } = recorder(({ partition }) => {
      if (partition !== 0) return undefined;
      tries += 1;
      throw new TypeError("undefined is not a function");
    });
    const { consumer } = await start({ topic, onBatch });
    await until((seen) => seen.includes("good"));
    const reason = await stoppedPartition(consumer);
    expect(reason).toContain("TypeError");
    expect(tries).toBe(5);
    await topic.write([1, "after"]);
    await until((seen) => seen.includes("after"));
  });

  test("a batch that lasts keeps its partitions; when another member comes it is told, and its work is not lost", async () => {
    const topic = await newTopic();
    await topic.write([0, "slow"]);
    const groupId = own.newGroup();
    const begun = Promise.withResolvers<void>();
    const told = Promise.withResolvers<void>();
    const seen: string[] = [];
    const onBatch = async (batch: RawBatch, control: BatchControl): Promise<BatchOutcome> => {
      begun.resolve();
      while (control.isActive()) await control.heartbeat().catch(() => undefined);
      told.resolve();
      seen.push(...batch.messages.map(({ value }) => String(value)));
      return { kind: "done", nextOffset: (batch.messages.at(-1)?.offset ?? 0n) + 1n };
    };
    await start({ topic, groupId, onBatch, heartbeatIntervalMs: 50 });
    await begun.promise;
    const other = recorder();
    const joining = start({ topic, groupId, name: "other", onBatch: other.onBatch });
    await told.promise;
    await joining;
    await topic.write([0, "x"], [1, "x"], [2, "x"], [3, "x"]);
    await other.until((all) => all.length >= 1);
    expect(seen.filter((text) => text === "slow")).toEqual(["slow"]);
    expect(other.seen).not.toContain("slow");
  });

  test("a partition that rested when it moved away is consumed at once when it comes back", async () => {
    const topic = await newTopic();
    await topic.write([0, "a"], [1, "b"], [2, "c"], [3, "d"]);
    const groupId = own.newGroup();
    const rested = new Set<number>();
    const allRested = Promise.withResolvers<void>();
    let mustRest = true;
    const first = recorder(({ partition }) => {
      if (!mustRest) return undefined;
      if (rested.add(partition).size === 4) allRested.resolve();
      return { kind: "retry", error: new Error("not yet"), afterMs: 600_000 };
    });
    const common = { topic, groupId, heartbeatIntervalMs: 50 };
    await start({ ...common, onBatch: first.onBatch });
    await allRested.promise;
    const away = Promise.withResolvers<void>();
    const onBatch = async (): Promise<BatchOutcome> => {
      away.resolve();
      return { kind: "retry", error: new Error("not here"), afterMs: 600_000 };
    };
    const second = await start({ ...common, name: "other", onBatch });
    await away.promise;
    mustRest = false;
    await second.stop();
    // At least once: what moved away uncommitted may come a second time.
    await first.until((seen) => new Set(seen).size === 4);
    expect([...new Set(first.seen)].toSorted()).toEqual(["a", "b", "c", "d"]);
  });

  test("stop() waits for the running batch and commits it", async () => {
    const topic = await newTopic();
    await topic.write([0, "a"]);
    const groupId = own.newGroup();
    const begun = Promise.withResolvers<void>();
    const mayEnd = Promise.withResolvers<void>();
    const { consumer } = await start({
      topic,
      groupId,
      onBatch: async () => {
        begun.resolve();
        await mayEnd.promise;
        return { kind: "done", nextOffset: 1n };
      },
    });
    await begun.promise;
    const stopped = consumer.stop();
    mayEnd.resolve();
    await stopped;
    expect(await committed(groupId, topic.name)).toEqual(["1", "-1", "-1", "-1"]);
  });

  test("a topic that does not exist is a clear failure to start", async () => {
    const topic = { name: `${own.prefix}nowhere`, write: async () => undefined };
    await expect(start({ topic, onBatch: recorder().onBatch })).rejects.toThrow(/does not host this topic/);
  });
});

interface Topic {
  readonly name: string;
  readonly write: (...messages: readonly (readonly [partition: number, value: string])[]) => Promise<void>;
}

/** A topic with 4 partitions that no other test writes to. */
async function newTopic(): Promise<Topic> {
  const name = own.newGroup();
  const admin = own.kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: name, numPartitions: 4 }] });
  await admin.disconnect();
  return {
    name,
    write: async (...messages) => {
      // One partition a request: of several, all are sent again when one of them has no leader yet.
      for (const [partition, group] of Map.groupBy(messages, ([given]) => given)) {
        await producer.send({ topic: name, messages: group.map(([, value]) => ({ partition, value })) });
      }
    },
  };
}

async function start(settings: Pick<ConsumerSettings, "onBatch"> & { topic: Topic } & Partial<ConsumerSettings>) {
  const metrics = createMetrics("test");
  const consumer = runConsumer({
    kafka: own.kafka,
    name: "test",
    groupId: own.newGroup(),
    topics: [settings.topic.name],
    partitionsConsumedConcurrently: 4,
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 20_000,
    heartbeatIntervalMs: 1_000,
    metrics,
    log: silentLog,
    clock: systemClock,
    onCrash: (error) => {
      throw error;
    },
    ...settings,
  });
  running.push(consumer);
  await consumer.start();
  return { consumer, metrics, stop: consumer.stop };
}

/** Waits until a check says that a partition is stopped, and gives its words. */
async function stoppedPartition(consumer: RunningConsumer): Promise<string> {
  for (;;) {
    const { detail = "" } = (await consumer.checks["test partitions"]?.()) ?? {};
    if (detail !== "") return detail;
    await nextTurn();
  }
}

async function committed(groupId: string, topic: string): Promise<readonly string[]> {
  const admin = own.kafka.admin();
  await admin.connect();
  const [found] = await admin.fetchOffsets({ groupId, topics: [topic] });
  await admin.disconnect();
  return (found?.partitions ?? []).toSorted((a, b) => a.partition - b.partition).map(({ offset }) => offset);
}
