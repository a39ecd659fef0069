import { createRequire } from "node:module";
import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { ProduceRequest } from "../../messaging/encode-produce.ts";
import { encodeRequestsFast, PRODUCE_MODULE } from "../../messaging/kafkajs-requests.ts";

interface Request {
  readonly apiVersion: number;
  readonly encode: () => Promise<{ readonly buffer: Buffer }>;
}
type MakeRequest = (given: ProduceRequest & Readonly<Record<string, unknown>>) => Request;

const require = createRequire(import.meta.url);

/** kafkajs's own, whoever has put ours in its place. */
function originalModule(): MakeRequest {
  const path = require.resolve(PRODUCE_MODULE);
  const before = require.cache[path];
  delete require.cache[path];
  const original = require(path);
  require.cache[path] = before;
  return original;
}

function replacedModule(): MakeRequest {
  encodeRequestsFast();
  return require(PRODUCE_MODULE);
}

const NOW = 1_800_000_000_123;
/** What a producer without idempotence and transactions adds. */
const PLAIN = { acks: -1, timeout: 5_000, producerId: -1, producerEpoch: 0, transactionalId: undefined };

const content = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.uint8Array({ maxLength: 9_000 }).map((bytes) => Buffer.from(bytes)),
);
const message = fc.record(
  {
    key: fc.option(content),
    value: fc.option(content),
    headers: fc.dictionary(
      fc.string({ unit: "binary", minLength: 1, maxLength: 20 }),
      fc.oneof(content, fc.array(content, { maxLength: 3 })),
      { maxKeys: 6, noNullPrototype: true },
    ),
  },
  { noNullPrototype: true, requiredKeys: ["key", "value"] },
);
const partition = fc.record({
  partition: fc.nat({ max: 200 }),
  messages: fc.array(message, { minLength: 1, maxLength: 5 }),
  firstSequence: fc.constant(0),
});
const topicData = fc.array(
  fc.record({ topic: fc.string({ minLength: 1, maxLength: 30 }), partitions: fc.array(partition, { maxLength: 4 }) }),
  { maxLength: 3 },
);

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a produce request", () => {
  test("has the bytes that kafkajs makes of it, whatever is in it", async () => {
    vi.spyOn(Date, "now").mockReturnValue(NOW);
    const [theirs, ours] = [originalModule(), replacedModule()];
    await fc.assert(
      fc.asyncProperty(topicData, fc.constantFrom(-1, 1), async (given, acks) => {
        const request = { ...PLAIN, acks, topicData: given };
        const [expected, actual] = [await theirs(request).encode(), await ours(request).encode()];
        expect(actual.buffer.equals(expected.buffer)).toBe(true);
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  test("has them with more records than one byte counts, too", async () => {
    vi.spyOn(Date, "now").mockReturnValue(NOW);
    const messages = Array.from({ length: 20_000 }, (_, index) => ({
      key: `k${index}`,
      value: "v".repeat(index % 99),
    }));
    const request = {
      ...PLAIN,
      topicData: [{ topic: "t", partitions: [{ partition: 3, messages, firstSequence: 0 }] }],
    };
    const [expected, actual] = [await originalModule()(request).encode(), await replacedModule()(request).encode()];
    expect(actual.buffer.equals(expected.buffer)).toBe(true);
  });

  test.each([
    ["compressed", { compression: 1 }],
    ["of a transaction", { transactionalId: "t", producerId: 5 }],
    ["of an idempotent producer", { producerId: 5, producerEpoch: 2 }],
  ])("that is %s is left to kafkajs", async (_, more) => {
    vi.spyOn(Date, "now").mockReturnValue(NOW);
    const partitions = [{ partition: 0, messages: [{ key: "k", value: "v" }], firstSequence: 7 }];
    const request = { ...PLAIN, ...more, topicData: [{ topic: "t", partitions }] };
    const [expected, actual] = [await originalModule()(request).encode(), await replacedModule()(request).encode()];
    expect(actual.buffer.equals(expected.buffer)).toBe(true);
  });

  test("with messages that have a time of their own is left to kafkajs", async () => {
    const messages = [{ key: "k", value: "v", timestamp: "1700000000000" }];
    const request = {
      ...PLAIN,
      topicData: [{ topic: "t", partitions: [{ partition: 0, messages, firstSequence: 0 }] }],
    };
    const [expected, actual] = [await originalModule()(request).encode(), await replacedModule()(request).encode()];
    expect(actual.buffer.equals(expected.buffer)).toBe(true);
  });

  test("is encoded by ours once that was asked for, and asking twice does no harm", () => {
    const once = replacedModule();
    expect(replacedModule()).toBe(once);
    expect(once).not.toBe(originalModule());
  });
});
