import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { BatchOutcome, RawBatch } from "../../messaging/batch.ts";
import { type ConsumerSettings, type RunningConsumer, runConsumer } from "../../messaging/run-consumer.ts";
import { systemClock } from "../../runtime/clock.ts";
import { createMetrics } from "../../runtime/metrics.ts";
import { silentLog, startTestKafka, type TestKafka } from "../support/kafka.ts";

let own: TestKafka;
const running: RunningConsumer[] = [];

beforeAll(async () => {
  own = await startTestKafka({ topics: ["userCommands"], partitions: 4 });
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((consumer) => consumer.stop()));
});
afterAll(() => own.stop());

describe("runConsumer", () => {
  test("messages of a partition come in order, once, and a stopped consumer's successor goes on behind them", async () => {
    await own.write("userCommands", [message(0, "a"), message(0, "b"), message(1, "c")]);
    const groupId = own.newGroup();
    const first = recorder();
    const one = await start({ groupId, onBatch: first.onBatch });
    await first.until((seen) => seen.length === 3);
    expect(first.seen.filter((text) => text !== "c")).toEqual(["a", "b"]);
    await one.stop();
    await own.write("userCommands", [message(0, "d")]);
    const second = recorder();
    await start({ groupId, onBatch: second.onBatch });
    await second.until((seen) => seen.length === 1);
    expect(second.seen).toEqual(["d"]);
  });
});

async function start(
  settings: Pick<ConsumerSettings, "onBatch"> & Partial<ConsumerSettings>,
): Promise<RunningConsumer> {
  const consumer = runConsumer({
    kafka: own.kafka,
    name: "test",
    groupId: own.newGroup(),
    topics: [own.name("userCommands")],
    partitionsConsumedConcurrently: 4,
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 20_000,
    heartbeatIntervalMs: 1_000,
    metrics: createMetrics("test"),
    log: silentLog,
    clock: systemClock,
    onCrash: (error) => {
      throw error;
    },
    ...settings,
  });
  running.push(consumer);
  await consumer.start();
  return consumer;
}

function message(partition: number, value: string) {
  return { partition, value, key: null };
}

/** Remembers what it saw; `decide` may give another outcome than done. */
function recorder(decide: (batch: RawBatch) => BatchOutcome | undefined = () => undefined) {
  const seen: string[] = [];
  const waiting: { isEnough: (seen: readonly string[]) => boolean; resolve: () => void }[] = [];
  return {
    seen,
    onBatch: async (batch: RawBatch): Promise<BatchOutcome> => {
      const decided = decide(batch);
      if (decided) return decided;
      seen.push(...batch.messages.map(({ value }) => String(value)));
      for (const one of waiting) if (one.isEnough(seen)) one.resolve();
      return { kind: "done", nextOffset: (batch.messages.at(-1)?.offset ?? 0n) + 1n };
    },
    until: (isEnough: (seen: readonly string[]) => boolean): Promise<void> =>
      new Promise((resolve) => {
        if (isEnough(seen)) resolve();
        else waiting.push({ isEnough, resolve });
      }),
  };
}
