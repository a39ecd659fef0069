import fc from "fast-check";
import { Partitioners } from "kafkajs";
import { expect, test } from "vitest";
import { partitionOfKey } from "../../messaging/partition-of-key.ts";

const partitionsOf = (count: number) =>
  Array.from({ length: count }, (_, partitionId) => ({
    ...{ partitionId, leader: 1, partitionErrorCode: 0 },
    ...{ replicas: [1], isr: [1], offlineReplicas: [] },
  }));

test("a key goes to the partition that kafkajs and Java's clients give it", () => {
  const theirs = Partitioners.DefaultPartitioner();
  const key = fc.oneof(
    fc.string({ unit: "binary", maxLength: 80 }),
    fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes)),
  );
  fc.assert(
    fc.property(key, fc.integer({ min: 1, max: 500 }), (given, count) => {
      const message = { key: given, value: null };
      const expected = theirs({ topic: "t", partitionMetadata: partitionsOf(count), message });
      expect(partitionOfKey(given, count)).toBe(expected);
    }),
    { numRuns: 500 },
  );
});
