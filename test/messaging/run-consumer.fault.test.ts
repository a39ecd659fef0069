import { afterAll, beforeAll, expect, test } from "vitest";
import { createKafka } from "../../messaging/kafka.ts";
import { type RunningConsumer, runConsumer } from "../../messaging/run-consumer.ts";
import { systemClock } from "../../runtime/clock.ts";
import { createMetrics } from "../../runtime/metrics.ts";
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

test("a broker that is killed, or paused, and comes back is consumed from within 10 s, quietly, by the same process", async () => {
  const { consumer, seen, until, lines, crashes } = await start();
  await own.write("cipResults", [{ value: "before" }]);
  await until("before");

  await broker.kill();
  const killedAt = performance.now();
  await rest(8_000);
  broker = await startPrivateKafka(broker);
  await writeUntilTaken("after the kill");
  const takenAt = performance.now();
  await until("after the kill");
  expect(performance.now() - takenAt).toBeLessThan(10_000);
  expect(lines.length).toBeLessThan((performance.now() - killedAt) / 1_000);
  // A new member would have to wait for the session of the lost one.
  expect(lines.filter(({ text }) => text.startsWith("the group was lost"))).toEqual([]);

  const linesBefore = lines.length;
  await broker.pause();
  const pausedAt = performance.now();
  await rest(15_000);
  await broker.resume();
  await writeUntilTaken("after the pause");
  const takenAgainAt = performance.now();
  await until("after the pause");
  expect(performance.now() - takenAgainAt).toBeLessThan(10_000);
  expect(lines.length - linesBefore).toBeLessThan((performance.now() - pausedAt) / 1_000);

  expect(crashes).toEqual([]);
  expect(seen[0]).toBe("before");
  expect(await consumer.checks["test polling"]?.()).toEqual({ ok: true });
  await consumer.stop();
});

async function start() {
  const { log, lines } = keepingLog();
  const seen: string[] = [];
  const crashes: unknown[] = [];
  const waiting = new Map<string, () => void>();
  const consumer: RunningConsumer = runConsumer({
    kafka: createKafka({ brokers: own.brokers, clientId: "test", log }),
    name: "test",
    groupId: own.newGroup(),
    topics: [own.name("cipResults")],
    partitionsConsumedConcurrently: 4,
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 20_000,
    heartbeatIntervalMs: 3_000,
    metrics: createMetrics("test"),
    log,
    clock: systemClock,
    onCrash: (error) => crashes.push(error),
    onBatch: async ({ messages }) => {
      for (const { value } of messages) {
        seen.push(String(value));
        waiting.get(String(value))?.();
      }
      return { kind: "done", nextOffset: (messages.at(-1)?.offset ?? 0n) + 1n };
    },
  });
  await consumer.start();
  const until = (text: string) =>
    new Promise<void>((resolve) => {
      if (seen.includes(text)) resolve();
      else waiting.set(text, resolve);
    });
  return { consumer, seen, until, lines, crashes };
}

/** The test's own producer has to find the broker again, too; the consumer's time counts from there. */
async function writeUntilTaken(value: string): Promise<void> {
  for (;;) {
    try {
      return await own.write("cipResults", [{ value }]);
    } catch {
      await rest(100);
    }
  }
}

function rest(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}
