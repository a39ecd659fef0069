import { randomBytes } from "node:crypto";
import { ConfigResourceTypes } from "kafkajs";
import { describe, expect, inject, test } from "vitest";
import { createKafka } from "../../messaging/kafka.ts";
import { createTopics, PartitionCountFixed } from "../../messaging/topics.ts";
import { TOPIC_KEYS, TOPICS } from "../../schemas/topics.ts";
import { silentLog } from "../support/kafka.ts";

describe("createTopics", () => {
  test("creates what is missing with its settings; repeating it creates nothing", async () => {
    const settings = newSettings();
    const some = await createTopics({ ...settings, topics: ["userCommands", "parked"] });
    expect(some.map(({ isCreated }) => isCreated)).toEqual([true, true]);
    const all = await createTopics(settings);
    expect(all.filter(({ isCreated }) => !isCreated).map(({ name }) => name)).toEqual([
      `${settings.prefix}user-commands`,
      `${settings.prefix}parked`,
    ]);
    expect((await createTopics(settings)).some(({ isCreated }) => isCreated)).toBe(false);
    for (const topic of TOPIC_KEYS) {
      const { name, partitions, retentionMs, maxMessageBytes } = TOPICS[topic];
      expect(await describeTopic(settings.brokers, settings.prefix + name)).toEqual({
        partitions: partitions === "user" ? 2 : partitions,
        "retention.ms": String(retentionMs),
        "max.message.bytes": String(maxMessageBytes),
      });
    }
  });

  test("a topic keyed by user never grows: refused with a sentence, before anything is created", async () => {
    const settings = newSettings();
    await createTopics({ ...settings, topics: ["userCommands"] });
    const growing = createTopics({ ...settings, partitions: 3 });
    await expect(growing).rejects.toBeInstanceOf(PartitionCountFixed);
    await expect(growing).rejects.toThrow(/user-commands has 2 partitions, TOPIC_PARTITIONS says 3/);
    expect((await createTopics(settings)).filter(({ isCreated }) => isCreated)).toHaveLength(TOPIC_KEYS.length - 1);
  });
});

function newSettings() {
  const brokers = inject("stack").kafkaBrokers.split(",");
  return { brokers, prefix: `t${randomBytes(5).toString("hex")}.`, partitions: 2 };
}

async function describeTopic(brokers: readonly string[], name: string) {
  const admin = createKafka({ brokers, clientId: "test", log: silentLog }).admin();
  await admin.connect();
  const { topics } = await admin.fetchTopicMetadata({ topics: [name] });
  const wanted = ["retention.ms", "max.message.bytes"];
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: ConfigResourceTypes.TOPIC, name, configNames: wanted }],
  });
  await admin.disconnect();
  const entries = (resources[0]?.configEntries ?? []).map(({ configName, configValue }) => [configName, configValue]);
  return { partitions: topics[0]?.partitions.length, ...Object.fromEntries(entries) };
}
