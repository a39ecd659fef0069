import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createCipResults } from "../../consumers/cip-results.ts";
import { createOperationUpdates } from "../../consumers/operation-updates.ts";
import type { Command } from "../../domain/commands.ts";
import type { UserAddress } from "../../domain/user/user.ts";
import { createPublisher, type Publisher } from "../../messaging/publisher.ts";
import type { RunningConsumer } from "../../messaging/run-consumer.ts";
import { systemClock } from "../../runtime/clock.ts";
import { createMetrics } from "../../runtime/metrics.ts";
import type { TopicKey } from "../../schemas/topics.ts";
import { silentLog, startTestKafka, type TestKafka } from "../support/kafka.ts";

const ATTEMPT = "cip_acme_abcdefghijkl";
const OPERATION = "op_acme_abcdefghijkl";
const ADDRESS: UserAddress = { partner: "acme", environment: "test", referenceId: "user-1" };

let own: TestKafka;
let publisher: Publisher;

beforeAll(async () => {
  own = await startTestKafka({
    topics: ["userCommands", "cipResults", "operationUpdates", "cipRequests", "parked"],
  });
  publisher = createPublisher({ ...own, ackTimeoutMs: 5_000, log: silentLog });
  await publisher.start();
});
afterAll(async () => {
  await publisher.stop();
  await own.stop();
});

describe("createCipResults", () => {
  test("B2 results become commands under their user's key; a bad message is parked and its neighbours go on", async () => {
    const asked: string[][] = [];
    const consumer = createCipResults({
      consumer: settings("cip-results", "cipResults"),
      codec: own.codec,
      publisher,
      findAddresses: async (attemptIds) => {
        asked.push([...attemptIds]);
        return new Map([[ATTEMPT, ADDRESS]]);
      },
    });
    await own.writeValues("cipResults", "any", [cipResult("e1")]);
    await own.write("cipResults", [{ key: "any", value: "neither magic byte nor JSON" }]);
    const foreign = await own.codec.encode("cipRequests", cipRequest());
    await own.write("cipResults", [{ key: "any", value: foreign }]);
    await own.writeValues("cipResults", "any", [cipResult("e2"), { ...cipResult("e3"), attemptId: "unknown" }]);
    await consumer.start();

    const commands = await own.read("userCommands", (found) => found.length === 2);
    expect(commands.map(({ key }) => key)).toEqual(["acme/test/user-1", "acme/test/user-1"]);
    const parked = (await own.readValues("parked", (found) => found.length === 3)) as Parked[];
    expect(parked.map(({ reason, original }) => [reason, original.offset])).toEqual([
      ["not_in_schema", "1"],
      ["not_in_schema", "2"],
      ["UNKNOWN_ATTEMPT", "4"],
    ]);
    expect(Buffer.from(parked[0]?.rawBase64 ?? "", "base64").toString()).toBe("neither magic byte nor JSON");
    expect(new Set(asked.flat())).toEqual(new Set([ATTEMPT, "unknown"]));
    await consumer.stop();
  });

  test("B3 a message consumed twice gives the same command twice", async () => {
    const consume = async () => {
      const consumer = createOperationUpdates({
        consumer: settings("operation-updates", "operationUpdates"),
        codec: own.codec,
        publisher,
        findAddresses: async () => new Map([[OPERATION, { ...ADDRESS, referenceId: "user-2" }]]),
      });
      await consumer.start();
      return consumer;
    };
    await own.writeValues("operationUpdates", null, [operationUpdate()]);
    const both: RunningConsumer[] = [await consume(), await consume()];
    const ofUser = (found: readonly unknown[]) =>
      (found as Command[]).filter(({ referenceId }) => referenceId === "user-2");
    const commands = ofUser(await own.readValues("userCommands", (found) => ofUser(found).length === 2));
    expect(new Set(commands.map(({ commandId }) => commandId)).size).toBe(1);
    await Promise.all(both.map((consumer) => consumer.stop()));
  });
});

interface Parked {
  readonly reason: string;
  readonly original: { readonly offset: string };
  readonly rawBase64: string;
}

function settings(name: string, topic: TopicKey) {
  return {
    kafka: own.kafka,
    name,
    groupId: own.newGroup(),
    topics: [own.name(topic)],
    partitionsConsumedConcurrently: 4,
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 20_000,
    heartbeatIntervalMs: 1_000,
    metrics: createMetrics(name),
    log: silentLog,
    clock: systemClock,
    onCrash: (error: unknown) => {
      throw error;
    },
  };
}

function cipResult(providerEventId: string) {
  const occurredAt = "2026-01-31T09:30:00Z";
  return { attemptId: ATTEMPT, provider: "p", providerEventId, outcome: "verified", occurredAt };
}

function operationUpdate() {
  const occurredAt = "2026-01-31T09:30:00Z";
  return { operationId: OPERATION, provider: "p", providerEventId: "e", status: "completed", occurredAt };
}

function cipRequest() {
  return {
    ...{ attemptId: ATTEMPT, ...ADDRESS, userId: "user_acme_abcdefghijkl", linkId: "link_acme_abcdefghijkl" },
    ...{ number: 1, policy: "basic@1", fields: {}, notApplicable: [], requestedAt: "2026-01-31T09:30:00.000Z" },
  };
}
