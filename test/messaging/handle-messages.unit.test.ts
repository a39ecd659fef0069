import { describe, expect, test } from "vitest";
import type { RawBatch } from "../../messaging/batch.ts";
import { type DecodedMessage, handleMessages, type Outcome } from "../../messaging/handle-messages.ts";
import { BrokerAway } from "../../messaging/publish-errors.ts";
import type { OutgoingMessage } from "../../messaging/publisher.ts";
import { RegistryUnreachable, SchemaViolation } from "../../messaging/schema-errors.ts";
import { manualClock } from "../../runtime/clock.ts";
import { createMetrics } from "../../runtime/metrics.ts";

const control = { isActive: () => true, heartbeat: async () => undefined };
const done: Outcome = { kind: "done" };

describe("handleMessages", () => {
  test("what does not fit is parked with reason, origin and raw bytes; its neighbours are handled", async () => {
    const { onBatch, parked, handled, counted } = setUp(() => done);
    const outcome = await onBatch(batch("a", "bad", null, "b"), control);
    expect(outcome).toEqual({ kind: "done", nextOffset: 14n });
    expect(handled()).toEqual(["a", "b"]);
    expect(parked.map(({ key }) => key)).toEqual(["key-bad", "key-null"]);
    expect(parked[0]?.value).toEqual({
      reason: "not_in_schema",
      detail: "The message does not fit its schema; /x must be string",
      consumer: "test",
      original: { topic: "t", partition: 3, offset: "11", key: "key-bad" },
      rawBase64: Buffer.from("bad").toString("base64"),
      parkedAt: "2026-01-31T09:30:00.000Z",
    });
    expect(parked[1]?.value).toMatchObject({ reason: "no_value", rawBase64: null });
    expect(await counted()).toContain('m2m_parked_total{consumer="test",reason="not_in_schema",component="test"} 1');
  });

  test("a message that must come again takes those behind it along, so that none overtakes it", async () => {
    const { onBatch, parked } = setUp((text) => (text === "later" ? { kind: "retry", afterMs: 50 } : done));
    expect(await onBatch(batch("a", "bad", "later", "b", "bad"), control)).toEqual({ kind: "done", nextOffset: 12n });
    expect(parked).toHaveLength(1);
    expect(await onBatch(batch("later", "b"), control)).toMatchObject({ kind: "retry", afterMs: 50 });
  });

  test("a handler may park what it understands and cannot use", async () => {
    const park = { kind: "park", reason: "UNKNOWN", detail: "Nobody knows it" } as const;
    const { onBatch, parked } = setUp((text) => (text === "b" ? park : done));
    expect(await onBatch(batch("a", "b", "c"), control)).toEqual({ kind: "done", nextOffset: 13n });
    expect(parked.map(({ value }) => (value as { reason: string }).reason)).toEqual(["UNKNOWN"]);
  });

  test("the offset does not move while Kafka does not take what is parked", async () => {
    const { onBatch, counted } = setUp(() => done, {
      publisher: { publishAll: () => Promise.reject(new BrokerAway()) },
    });
    await expect(onBatch(batch("bad"), control)).rejects.toBeInstanceOf(BrokerAway);
    expect(await counted()).not.toContain("m2m_parked_total{");
  });

  test("a registry that is away parks nothing", async () => {
    const { onBatch, parked } = setUp(() => done);
    await expect(onBatch(batch("a", "registry away"), control)).rejects.toBeInstanceOf(RegistryUnreachable);
    expect(parked).toEqual([]);
  });

  test("a handler that forgets a message is a bug", async () => {
    const { onBatch } = setUp(() => done, { handle: async () => [done] });
    await expect(onBatch(batch("a", "b"), control)).rejects.toThrow("test gave 1 outcomes for 2 messages");
  });
});

function batch(...values: readonly (string | null)[]): RawBatch {
  const messages = values.map((value, index) => ({
    offset: BigInt(10 + index),
    key: Buffer.from(`key-${value}`),
    value: value === null ? null : Buffer.from(value),
    headers: {},
    timestamp: "0",
  }));
  return { topic: "t", partition: 3, highWatermark: BigInt(10 + values.length), messages };
}

function setUp(outcomeOf: (text: string) => Outcome, replaced: object = {}) {
  const parked: OutgoingMessage[] = [];
  const seen: DecodedMessage[] = [];
  const metrics = createMetrics("test");
  const onBatch = handleMessages({
    topic: "cipResults",
    consumerName: "test",
    codec: { encode: () => Promise.reject(new Error("not used")), decode },
    publisher: { publishAll: async (messages) => void parked.push(...messages) },
    handle: async (messages) => {
      seen.push(...messages);
      return messages.map(({ value }) => outcomeOf(value as string));
    },
    metrics,
    clock: manualClock(Date.parse("2026-01-31T09:30:00.000Z")).now,
    ...replaced,
  });
  return { onBatch, parked, handled: () => seen.map(({ value }) => value), counted: metrics.text };
}

async function decode(bytes: Buffer): Promise<unknown> {
  const text = bytes.toString();
  if (text === "registry away") throw new RegistryUnreachable("test");
  if (text !== "bad") return text;
  throw new SchemaViolation("The message does not fit its schema", [
    { path: "/x", code: "INVALID", message: "must be string" },
  ]);
}
