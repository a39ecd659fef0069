import { Redis } from "ioredis";
import { Kafka, logLevel } from "kafkajs";
import { expect, inject, test } from "vitest";

test("the stack of the tests has a Redis that answers", async () => {
  const redis = new Redis(inject("stack").redisUrl);
  expect(await redis.ping()).toBe("PONG");
  redis.disconnect();
});

test("the stack of the tests has a Kafka that makes topics only when told to", async () => {
  const kafka = new Kafka({ brokers: inject("stack").kafkaBrokers.split(","), logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const topic = `local-stack-test-${process.pid}`;
  await admin.createTopics({ topics: [{ topic, numPartitions: 3 }], waitForLeaders: true });
  expect((await admin.fetchTopicMetadata({ topics: [topic] })).topics[0]?.partitions).toHaveLength(3);
  await expect(admin.fetchTopicMetadata({ topics: [`${topic}-never-made`] })).rejects.toThrow();
  await admin.deleteTopics({ topics: [topic] });
  await admin.disconnect();
});
