import { Kafka, logLevel } from "kafkajs";
import { expect, test } from "vitest";
import { kafkaAnswers } from "../../stack/probes.ts";
import { startPrivateKafka } from "../support/private-services.ts";

async function topics(brokers: string): Promise<readonly string[]> {
  const admin = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const names = await admin.listTopics();
  await admin.disconnect();
  return names;
}

test("a test's own Kafka can be paused, goes on, and keeps its topics after a crash", async () => {
  const first = await startPrivateKafka();
  const admin = new Kafka({ brokers: [first.brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: "kept", numPartitions: 1 }], waitForLeaders: true });
  await admin.disconnect();

  await first.pause();
  await expect(kafkaAnswers(first.port)).rejects.toThrow("does not answer");
  await first.resume();
  expect(await topics(first.brokers)).toEqual(["kept"]);

  await first.kill();
  const second = await startPrivateKafka(first);
  expect(second.brokers).toBe(first.brokers);
  expect(await topics(second.brokers)).toEqual(["kept"]);
  await second.stop();
});
