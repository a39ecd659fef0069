import type { BatchOutcome, RawBatch } from "../../messaging/batch.ts";
import { createPublisher, type OutgoingMessage } from "../../messaging/publisher.ts";
import { type RunningConsumer, runConsumer } from "../../messaging/run-consumer.ts";
import { systemClock } from "../../runtime/clock.ts";
import { createMetrics } from "../../runtime/metrics.ts";
import { silentLog, startTestKafka, type TestKafka } from "../support/kafka.ts";
import { describeBroker, type NumberedBatch, type NumberedMessage, type OnNumberedBatch } from "./broker.ts";

describeBroker(async () => {
  const own = await startTestKafka({ topics: ["cipResults"] });
  const publisher = createPublisher({ ...own, ackTimeoutMs: 5_000, log: silentLog });
  await publisher.start();
  const members = new Set<RunningConsumer>();
  return {
    publish: async (...messages) => {
      // A key is one partition: while one of a new topic has no leader yet, kafkajs resends what went to the others.
      const byKey = Map.groupBy(messages, ({ key }) => key);
      for (const group of byKey.values()) await publisher.publishAll(group.map(toMessage));
    },
    join: async (group, onBatch) => {
      const member = memberOf(own, group, onBatch);
      members.add(member);
      await member.start();
      return {
        leave: async () => {
          members.delete(member);
          await member.stop();
        },
      };
    },
    close: async () => {
      await Promise.all([...members].map((member) => member.stop()));
      await publisher.stop();
      await own.stop();
    },
  };
});

function toMessage({ key, number }: NumberedMessage): OutgoingMessage {
  return { topic: "cipResults", key, value: resultOf(number) };
}

function memberOf(own: TestKafka, group: string, onBatch: OnNumberedBatch): RunningConsumer {
  return runConsumer({
    kafka: own.kafka,
    name: "test",
    groupId: `${own.prefix}${group}`,
    topics: [own.name("cipResults")],
    partitionsConsumedConcurrently: 4,
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 20_000,
    heartbeatIntervalMs: 1_000,
    metrics: createMetrics("test"),
    log: silentLog,
    clock: systemClock,
    onBatch: async (batch): Promise<BatchOutcome> => onBatch(await numbered(own, batch)),
    onCrash: (error) => {
      throw error;
    },
  });
}

async function numbered({ codec }: TestKafka, { partition, messages }: RawBatch): Promise<NumberedBatch> {
  const read = messages.map(async ({ offset, key, value }) => {
    const { revision } = (await codec.decode(value ?? Buffer.alloc(0), "cipResults")) as { revision: number };
    return { offset, key: String(key), number: revision };
  });
  return { partition, messages: await Promise.all(read) };
}

/** A message of the topic whose revision is the number. */
function resultOf(number: number) {
  return {
    attemptId: "cip_acme_000000000001",
    provider: "test",
    providerEventId: `event_${number}`,
    outcome: "verified",
    revision: number,
    occurredAt: "2026-03-01T10:00:00.000Z",
  };
}
