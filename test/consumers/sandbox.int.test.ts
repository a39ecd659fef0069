import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSandboxCip } from "../../consumers/sandbox/cip.ts";
import { createSandboxPayments } from "../../consumers/sandbox/payments.ts";
import { createPublisher, type OutgoingMessage, type Publisher } from "../../messaging/publisher.ts";
import { systemClock } from "../../runtime/clock.ts";
import { createMetrics } from "../../runtime/metrics.ts";
import type { TopicKey } from "../../schemas/topics.ts";
import { silentLog, startTestKafka, type TestKafka } from "../support/kafka.ts";

const DELAY_MS = 400;

let own: TestKafka;
let publisher: Publisher;

beforeAll(async () => {
  own = await startTestKafka({
    topics: ["cipRequests", "cipResults", "operationRequests", "operationUpdates", "parked"],
    partitions: 8,
  });
  publisher = createPublisher({ ...own, ackTimeoutMs: 5_000, log: silentLog });
  await publisher.start();
});
afterAll(async () => {
  await publisher.stop();
  await own.stop();
});

describe("the sandbox", () => {
  test("many requests wait together: all are answered a delay later, live ones never", async () => {
    const cip = createSandboxCip({ ...shared(), consumer: settings("sandbox-cip", "cipRequests") });
    await cip.start();
    const writtenAt = Date.now();
    for (let number = 0; number < 40; number += 1) {
      const environment = number % 4 === 0 ? "live" : "test";
      await own.writeValues("cipRequests", `acme/${environment}/user-${number}`, [cipRequest(number, environment)]);
    }
    const results = (await own.readValues("cipResults", (found) => found.length === 30)) as Result[];
    const waited = results.map(({ occurredAt }) => Date.parse(occurredAt) - writtenAt);
    expect(Math.min(...waited)).toBeGreaterThanOrEqual(DELAY_MS);
    // One after another, 30 delays would be 12 s.
    expect(Math.max(...waited)).toBeLessThan(15 * DELAY_MS);
    expect(results.map(({ attemptId }) => attemptId)).not.toContain(attemptId(0));
    await cip.stop();
  });

  test("stopped while a request waits, it answers when it is back, and a repeat is known as one", async () => {
    const groupId = own.newGroup();
    const told = Promise.withResolvers<void>();
    const telling = {
      publishAll: async (messages: readonly OutgoingMessage[]) => {
        await publisher.publishAll(messages);
        told.resolve();
      },
    };
    const start = async (delayMs: number) => {
      const consumer = { ...settings("sandbox-payments", "operationRequests"), groupId };
      const payments = createSandboxPayments({ ...shared(), publisher: telling, delayMs, consumer });
      await payments.start();
      return payments;
    };
    const patient = await start(2_000);
    await own.writeValues("operationRequests", "acme/test/user-1", [operationRequest()]);
    await told.promise;
    await patient.stop();
    const quick = await start(1);
    const updates = (await own.readValues("operationUpdates", (found) => found.length === 3)) as Update[];
    expect(updates.map(({ status }) => status)).toEqual(["processing", "processing", "completed"]);
    expect(updates[1]?.providerEventId).toBe(updates[0]?.providerEventId);
    await quick.stop();
  });
});

interface Result {
  readonly attemptId: string;
  readonly occurredAt: string;
}

interface Update {
  readonly status: string;
  readonly providerEventId: string;
}

function shared() {
  return { codec: own.codec, publisher, delayMs: DELAY_MS };
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

function attemptId(number: number): string {
  return `cip_acme_${String(number).padStart(12, "0")}`;
}

function cipRequest(number: number, environment: "test" | "live") {
  return {
    ...{ attemptId: attemptId(number), partner: "acme", environment, referenceId: `user-${number}` },
    ...{ userId: "user_acme_abcdefghijkl", linkId: "link_acme_abcdefghijkl", number: 1, policy: "basic@1" },
    ...{ fields: { idNumber: "ABC" }, notApplicable: [], requestedAt: "2026-01-31T09:30:00.000Z" },
  };
}

function operationRequest() {
  return {
    ...{ operationId: "op_acme_abcdefghijkl", action: "execute", partner: "acme", environment: "test" },
    ...{ referenceId: "user-1", userId: "user_acme_abcdefghijkl", linkId: "link_acme_abcdefghijkl" },
    amount: { send: "10.00", receive: "1", rate: "1", fee: "1", currency: { source: "USD", destination: "MXN" } },
    paymentMethod: { type: "cash", cash: { provider: "oxxo" } },
    requestedAt: "2026-01-31T09:30:00.000Z",
  };
}
