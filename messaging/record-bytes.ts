/** What a record holds, as kafkajs hands it to a produce request. */
export interface UnencodedRecord {
  readonly key?: Content;
  readonly value?: Content;
  readonly headers?: Readonly<Record<string, Content | readonly Content[]>> | undefined;
}

type Content = Buffer | string | null | undefined;

/** A record of Kafka's message format 2 of which it is known how long it will be, so that it can be written in place. */
export interface MeasuredRecord {
  /** Bytes, with the length in front. */
  readonly size: number;
  readonly bodySize: number;
  /** Its place in its batch, counted from 0. */
  readonly offsetDelta: number;
  readonly contents: readonly Content[];
}

const KEY_AND_VALUE = 2;
const NO_ATTRIBUTES = 0;
/** All records of a batch are of one moment. */
const TIMESTAMP_DELTA = 0;
/** The length of what is not there. */
const ABSENT = -1;

/** Measures a record. Several values of one header are several headers. */
export function measureRecord({ key, value, headers = {} }: UnencodedRecord, offsetDelta: number): MeasuredRecord {
  const contents: Content[] = [key, value];
  for (const name of Object.keys(headers)) {
    const given = headers[name];
    if (isSeveral(given)) for (const one of given) contents.push(name, one);
    else contents.push(name, given);
  }
  let bodySize = 2 + varintSize(offsetDelta) + varintSize(headersOf(contents));
  for (const content of contents) bodySize += contentSize(content);
  return { size: varintSize(bodySize) + bodySize, bodySize, offsetDelta, contents };
}

/** Writes a record at a place and gives the place behind it. */
export function writeRecord(bytes: Buffer, record: MeasuredRecord, at: number): number {
  const { bodySize, offsetDelta, contents } = record;
  let end = writeVarint(bytes, bodySize, at);
  end = bytes.writeInt8(NO_ATTRIBUTES, end);
  end = writeVarint(bytes, TIMESTAMP_DELTA, end);
  end = writeVarint(bytes, offsetDelta, end);
  for (const [index, content] of contents.entries()) {
    if (index === KEY_AND_VALUE) end = writeVarint(bytes, headersOf(contents), end);
    end = writeContent(bytes, content, end);
  }
  return contents.length === KEY_AND_VALUE ? writeVarint(bytes, 0, end) : end;
}

function headersOf(contents: readonly Content[]): number {
  return (contents.length - KEY_AND_VALUE) / 2;
}

function isSeveral(value: Content | readonly Content[]): value is readonly Content[] {
  return Array.isArray(value);
}

function contentLength(content: Content): number {
  return content === null || content === undefined ? ABSENT : Buffer.byteLength(content);
}

function contentSize(content: Content): number {
  const length = contentLength(content);
  return varintSize(length) + Math.max(0, length);
}

function writeContent(bytes: Buffer, content: Content, at: number): number {
  const length = contentLength(content);
  const start = writeVarint(bytes, length, at);
  if (content === null || content === undefined) return start;
  if (typeof content === "string") bytes.write(content, start);
  else content.copy(bytes, start);
  return start + length;
}

/** Kafka writes small numbers of either sign as small numbers without one, seven bits a byte. */
function zigzag(value: number): number {
  return (value << 1) ^ (value >> 31);
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = zigzag(value) >>> 7; rest > 0; rest >>>= 7) size += 1;
  return size;
}

function writeVarint(bytes: Buffer, value: number, at: number): number {
  let end = at;
  let rest = zigzag(value) >>> 0;
  for (; rest >= 0x80; rest >>>= 7) {
    bytes[end] = (rest & 0x7f) | 0x80;
    end += 1;
  }
  bytes[end] = rest;
  return end + 1;
}
