import { setTimeout as wait } from "node:timers/promises";
import type { AssignmentControl } from "../../messaging/assignments.ts";
import type { TopicPartition } from "../../messaging/batch.ts";
import { runConsumer } from "../../messaging/run-consumer.ts";
import { newId } from "../../runtime/ids.ts";
import { topicName } from "../../schemas/topics.ts";
import { createActiveLinkLock } from "../../storage/active-link-lock.ts";
import { createDecisionSender } from "../../storage/decisions.ts";
import { createIdentityHash } from "../../storage/identity-hash.ts";
import { countUnpublished } from "../../storage/queries/outbox-depth.ts";
import { createRedis } from "../../storage/redis.ts";
import { createUserChangeSender } from "../../storage/user-changes.ts";
import { readOutbox } from "../../storage/user-store/outbox.ts";
import { beginProgress, movePublishedThrough, readProgress } from "../../storage/user-store/progress.ts";
import { createUserStore } from "../../storage/user-store.ts";
import { admit } from "../users/admission.ts";
import { createOutboxPublisher } from "../users/outbox-publisher.ts";
import { createPartitions, type Partitions } from "../users/partitions.ts";
import { createPublishedPositions } from "../users/published-positions.ts";
import { createUserCommands } from "../users.ts";
import { groupSettings } from "./group-settings.ts";
import type { Consumer, Shared } from "./shared.ts";

/** The users consumer with everything it needs. */
export function wireUsers(shared: Shared): Consumer {
  const { config, log, metrics, database, kafka, codec, clock } = shared;
  const redis = createRedis({ url: config.redisUrl, timeoutMs: config.redisTimeoutMs, name: "users", log });
  const topic = topicName(config.topicPrefix, "userCommands");
  const admin = kafka.admin();
  const partitions = wirePartitions(shared, topic, admin);
  const lock = createActiveLinkLock({
    redis,
    prefix: config.redisPrefix,
    timeoutMs: config.redisTimeoutMs,
    metrics: { lockSkipped: metrics.lockSkipped },
  });
  const store = createUserStore({
    database,
    lock,
    clock,
    newId,
    identityHash: createIdentityHash(config.serverSecret),
    addresses: { widget: config.widgetBaseUrl, gateway: config.gatewayUrl },
    metrics,
  });
  const decisions = createDecisionSender({ redis, prefix: config.redisPrefix, metrics });
  const changes = createUserChangeSender({ redis, prefix: config.redisPrefix });
  const { onBatch } = createUserCommands({ codec, store, decisions, changes, partitions, clock, log, metrics });
  const runner = runConsumer({
    ...groupSettings(shared, "users", "userCommands"),
    // All at a time: what they share is one transaction, not one after the other.
    partitionsConsumedConcurrently: Math.max(config.partitionsConsumedConcurrently, config.topicPartitions),
    onAssigned: (assigned, control) => takeOver(partitions, assigned, control),
    onBatch,
  });
  metrics.beforeScrape({
    name: "outbox",
    gauges: [metrics.outboxDepth],
    read: async () => metrics.outboxDepth.set(await countUnpublished(database.em(), topic, partitions.owned())),
  });
  return {
    name: "users",
    checks: runner.checks,
    async start() {
      await admin.connect();
      await runner.start();
    },
    async stop() {
      await runner.stop();
      await partitions.stop();
      await admin.disconnect();
      redis.disconnect();
    },
  };
}

/** Begins where Postgres says that we are, whatever Kafka's own record of our offsets says. */
async function takeOver(
  partitions: Partitions,
  assigned: readonly TopicPartition[],
  control: AssignmentControl,
): Promise<void> {
  const admissions = await partitions.assigned(assigned.map(({ partition }) => partition));
  for (const partition of assigned) {
    const admission = admissions.get(partition.partition);
    if (admission?.kind === "admitted") control.seek(partition, admission.nextOffset);
    if (admission?.kind === "stopped") control.stopPartition(partition, admission.reason);
  }
}

/** How long after a send at the latest Postgres knows of it: what is not recorded is published again after a crash. */
const RECORD_AFTER_MS = 500;

function wirePartitions(shared: Shared, topic: string, admin: ReturnType<Shared["kafka"]["admin"]>): Partitions {
  const { database, publisher, log } = shared;
  const positions = createPublishedPositions({
    record: (published) => movePublishedThrough(database.em(), topic, published),
    afterMs: RECORD_AFTER_MS,
  });
  return createPartitions({
    positions,
    admit: (partition) =>
      admit(partition, {
        clusterId: async () => (await admin.describeCluster()).clusterId,
        offsets: async () => {
          const offsets = await admin.fetchTopicOffsets(topic);
          return new Map(offsets.map(({ partition: at, low, high }) => [at, { low: BigInt(low), high: BigInt(high) }]));
        },
        readProgress: (at) => readProgress(database.em(), topic, at),
        beginProgress: (start) => beginProgress(database.em(), { topic, ...start }),
      }),
    createPublisher: (partition) =>
      createOutboxPublisher({
        partition,
        publish: (messages) => publisher.publishAll(messages),
        readBehind: (outboxId, limit) => readOutbox(database.em(), { partition, outboxId, limit }),
        publishedThrough: async () => (await readProgress(database.em(), topic, partition))?.publishedThrough ?? 0n,
        published: (outboxId) => positions.note(partition, outboxId),
        wait: (delayMs, signal) => wait(delayMs, undefined, { signal }),
        random: Math.random,
        log,
      }),
  });
}
