import { createRequire } from "node:module";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeRecord, type UnencodedRecord } from "../../messaging/encode-record.ts";
import { encodeRecordsFast, RECORD_MODULE } from "../../messaging/kafkajs-records.ts";

const require = createRequire(import.meta.url);

/** kafkajs's own, whoever has put ours in its place. */
function originalEncoding(): (record: UnencodedRecord) => { readonly buffer: Buffer } {
  const path = require.resolve(RECORD_MODULE);
  const before = require.cache[path];
  delete require.cache[path];
  const original = require(path);
  require.cache[path] = before;
  return original;
}

const content = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.uint8Array({ maxLength: 20_000 }).map((bytes) => Buffer.from(bytes)),
);
const records: fc.Arbitrary<UnencodedRecord> = fc.record(
  {
    key: fc.option(content),
    value: fc.option(content),
    offsetDelta: fc.nat(),
    timestampDelta: fc.maxSafeNat().map((value) => Math.floor(value / 2)),
    headers: fc.dictionary(
      fc.string({ unit: "binary", minLength: 1, maxLength: 20 }),
      fc.oneof(content, fc.array(content, { maxLength: 3 })),
      { maxKeys: 6, noNullPrototype: true },
    ),
  },
  { noNullPrototype: true, requiredKeys: ["key", "value"] },
);

describe("a record of Kafka", () => {
  test("has the bytes that kafkajs makes of it, whatever is in it", () => {
    const original = originalEncoding();
    fc.assert(
      fc.property(records, (record) => {
        expect(encodeRecord(record).buffer.equals(original(record).buffer)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test("is encoded by ours once it was asked for, and that twice does no harm", () => {
    encodeRecordsFast();
    encodeRecordsFast();
    expect(require(RECORD_MODULE)).toBe(encodeRecord);
    expect(originalEncoding()).not.toBe(encodeRecord);
  });
});
