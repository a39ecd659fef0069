import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PublisherMetrics } from "../../messaging/delivery.ts";
import { BrokerAway, MessageRefused } from "../../messaging/publish-errors.ts";
import { createPublisher, type Publisher } from "../../messaging/publisher.ts";
import { SchemaViolation } from "../../messaging/schema-errors.ts";
import { createMetrics } from "../../runtime/metrics.ts";
import { silentLog, startTestKafka, type TestKafka } from "../support/kafka.ts";

let own: TestKafka;
let publisher: Publisher;
const requests: number[] = [];

beforeAll(async () => {
  own = await startTestKafka({ topics: ["cipResults"] });
  const measured: PublisherMetrics = { producedMessages: { observe: (count) => requests.push(count) } };
  const metrics = { ...createMetrics("test"), ...measured };
  publisher = createPublisher({ ...own, metrics, ackTimeoutMs: 5_000, maxBytes: 512 * 1_024, log: silentLog });
  await publisher.start();
});
afterAll(async () => {
  await publisher.stop();
  await own.stop();
});

describe("createPublisher", () => {
  test("what is published at the same time shares few produce requests, and all of it arrives", async () => {
    const numbers = Array.from({ length: 2_000 }, (_, number) => number);
    await Promise.all(numbers.map((number) => publisher.publish(result("k", number))));
    expect(requests.length).toBeLessThan(20);
    expect(requests.reduce((sum, count) => sum + count, 0)).toBe(2_000);
    const found = await own.readValues("cipResults", (values) => values.length === 2_000);
    // One key, one partition: in the order of the calls.
    expect(found.map((value) => (value as { revision: number }).revision)).toEqual(numbers);
  });

  test("headers and key arrive as they were given", async () => {
    await publisher.publish({ ...result("with-headers", 1), headers: { messageId: "cmd_1", type: "T" } });
    const found = await own.read("cipResults", (all) => all.some(({ key }) => key === "with-headers"));
    expect(found.find(({ key }) => key === "with-headers")?.headers).toEqual({ messageId: "cmd_1", type: "T" });
  });

  test("a value that does not fit is refused and its neighbours go out", async () => {
    const bad = publisher.publish({ topic: "cipResults", key: "k", value: { outcome: "verified" } });
    const good = publisher.publish(result("k", 5_000));
    await expect(bad).rejects.toBeInstanceOf(SchemaViolation);
    await expect(good).resolves.toBeUndefined();
  });

  test("a message larger than its topic takes is refused alone", async () => {
    const large = { ...result("k", 1), headers: { filler: "x".repeat(1_100_000) } };
    await expect(publisher.publish(large)).rejects.toBeInstanceOf(MessageRefused);
    expect(publisher.isConnected()).toBe(true);
  });

  test("without Kafka a publisher starts, and says at once that nothing was sent", async () => {
    const kafka = (await import("../../messaging/kafka.ts")).createKafka({
      brokers: ["127.0.0.1:1"],
      clientId: "test",
      log: silentLog,
    });
    const alone = createPublisher({ ...own, kafka, ackTimeoutMs: 5_000, log: silentLog });
    await alone.start();
    expect(alone.isConnected()).toBe(false);
    await expect(alone.publish(result("k", 1))).rejects.toBeInstanceOf(BrokerAway);
    await alone.stop();
  });

  test("after stop nothing is taken any more", async () => {
    const other = createPublisher({ ...own, ackTimeoutMs: 5_000, log: silentLog });
    await other.start();
    const last = other.publish(result("k", 6_000));
    // Encoding takes a moment; what is on its way then is waited for.
    await last;
    await other.stop();
    await expect(other.publish(result("k", 6_001))).rejects.toBeInstanceOf(BrokerAway);
  });
});

function result(key: string, revision: number) {
  const occurredAt = "2026-01-31T09:30:00.000Z";
  const value = { attemptId: "cip_x", provider: "p", providerEventId: "e", outcome: "verified", revision, occurredAt };
  return { topic: "cipResults", key, value } as const;
}
