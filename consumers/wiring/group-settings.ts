import type { ConsumerSettings } from "../../messaging/run-consumer.ts";
import { type TopicKey, topicName } from "../../schemas/topics.ts";
import type { Shared } from "./shared.ts";

/** What every consumer tells the runner alike: its group, its topic, and how the configuration wants it to behave. */
export function groupSettings(shared: Shared, name: string, topic: TopicKey): Omit<ConsumerSettings, "onBatch"> {
  const { config, kafka, metrics, log, clock, onCrash } = shared;
  return {
    ...{ kafka, name, metrics, log, clock, onCrash },
    groupId: `${config.groupPrefix}${name}`,
    topics: [topicName(config.topicPrefix, topic)],
    partitionsConsumedConcurrently: config.partitionsConsumedConcurrently,
    sessionTimeoutMs: config.sessionTimeoutMs,
    rebalanceTimeoutMs: config.rebalanceTimeoutMs,
    heartbeatIntervalMs: config.heartbeatIntervalMs,
  };
}
