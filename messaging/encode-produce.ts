import { type MeasuredRecord, measureRecord, type UnencodedRecord, writeRecord } from "./record-bytes.ts";

/** What kafkajs asks to be encoded: records by topic and partition, without compression and without a transaction. */
export interface ProduceRequest {
  readonly acks: number;
  readonly timeout: number;
  readonly topicData: readonly {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number; readonly messages: readonly UnencodedRecord[] }[];
  }[];
}

/** What kafkajs takes for an encoder of its own. */
export interface Encoded {
  readonly buf: Buffer;
  readonly buffer: Buffer;
}

/**
 * The body of a produce request (Kafka's protocol, Produce version 3), in one buffer of its size. `checksum` is CRC-32C.
 * The same bytes as kafkajs 2.2.4 makes, which encodes every header, record, batch, partition and topic in a buffer of its
 * own that grows as it is written, and copies each into the next.
 */
export function encodeProduce(
  { acks, timeout, topicData }: ProduceRequest,
  { now, checksum }: { readonly now: number; readonly checksum: (bytes: Buffer) => number },
): Encoded {
  const topics = topicData.map(({ topic, partitions }) => ({
    name: Buffer.from(topic),
    batches: partitions.map(measureBatch),
  }));
  const size = topics.reduce((sum, topic) => sum + topicSize(topic), REQUEST_HEAD);
  const bytes = Buffer.allocUnsafe(size);
  let at = bytes.writeInt16BE(NO_TRANSACTION, 0);
  at = bytes.writeInt16BE(acks, at);
  at = bytes.writeInt32BE(timeout, at);
  at = bytes.writeInt32BE(topics.length, at);
  for (const { name, batches } of topics) {
    at = bytes.writeInt16BE(name.length, at);
    at += name.copy(bytes, at);
    at = bytes.writeInt32BE(batches.length, at);
    for (const batch of batches) at = writeBatch({ bytes, at, now, checksum }, batch);
  }
  return { buf: bytes, buffer: bytes };
}

const INT16 = 2;
const INT32 = 4;
const INT64 = 8;
const REQUEST_HEAD = INT16 + INT16 + INT32 + INT32;
const PARTITION_HEAD = INT32 + INT32;
/** A batch's own offset and length, which its length does not count. */
const BATCH_OUTSIDE = INT64 + INT32;
/** From the leader's epoch to the checksum, which the checksum does not cover. */
const BATCH_UNCHECKED = INT32 + 1 + INT32;
const BATCH_HEAD = BATCH_OUTSIDE + BATCH_UNCHECKED + INT16 + INT32 + INT64 + INT64 + INT64 + INT16 + INT32 + INT32;
const NO_TRANSACTION = -1;
const MESSAGE_FORMAT = 2;
const NO_PRODUCER = -1n;

interface Batch {
  readonly partition: number;
  readonly records: readonly MeasuredRecord[];
  readonly size: number;
}

type Partition = ProduceRequest["topicData"][number]["partitions"][number];

function measureBatch({ partition, messages }: Partition): Batch {
  const records = messages.map(measureRecord);
  return { partition, records, size: records.reduce((sum, record) => sum + record.size, BATCH_HEAD) };
}

function topicSize({ name, batches }: { readonly name: Buffer; readonly batches: readonly Batch[] }): number {
  return batches.reduce((sum, { size }) => sum + PARTITION_HEAD + size, INT16 + name.length + INT32);
}

interface Place {
  readonly bytes: Buffer;
  readonly at: number;
  readonly now: number;
  readonly checksum: (bytes: Buffer) => number;
}

function writeBatch({ bytes, at, now, checksum }: Place, { partition, records, size }: Batch): number {
  let end = bytes.writeInt32BE(partition, at);
  end = bytes.writeInt32BE(size, end);
  end = bytes.writeBigInt64BE(0n, end);
  end = bytes.writeInt32BE(size - BATCH_OUTSIDE, end);
  end = bytes.writeInt32BE(0, end);
  end = bytes.writeInt8(MESSAGE_FORMAT, end);
  const checksumAt = end;
  end = bytes.writeInt16BE(0, checksumAt + INT32);
  end = bytes.writeInt32BE(records.length - 1, end);
  end = bytes.writeBigInt64BE(BigInt(now), end);
  end = bytes.writeBigInt64BE(BigInt(now), end);
  end = bytes.writeBigInt64BE(NO_PRODUCER, end);
  end = bytes.writeInt16BE(0, end);
  end = bytes.writeInt32BE(0, end);
  end = bytes.writeInt32BE(records.length, end);
  for (const record of records) end = writeRecord(bytes, record, end);
  bytes.writeUInt32BE(checksum(bytes.subarray(checksumAt + INT32, end)), checksumAt);
  return end;
}
