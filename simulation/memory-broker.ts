import type { BatchOutcome } from "../messaging/batch.ts";

/** A message as it was written; the value is what was written, not a copy. */
export interface WrittenMessage {
  readonly key: string | null;
  readonly value: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

/** A message as it lies in its partition. */
export interface StoredMessage extends WrittenMessage {
  readonly offset: bigint;
}

/** Messages of one partition, in order, at least one. */
export interface MemoryBatch {
  readonly topic: string;
  readonly partition: number;
  readonly messages: readonly StoredMessage[];
}

/** What a group does with a batch; what it throws counts as "again". */
export type OnMemoryBatch = (batch: MemoryBatch) => Promise<BatchOutcome>;

/** Kafka as far as its promises to this system go: order per key, offsets, groups, redelivery of what is not committed. */
export interface MemoryBroker {
  readonly partitions: number;
  /** Appends in order; every message of a key goes to the same partition. */
  readonly publish: (topic: string, messages: readonly WrittenMessage[]) => void;
  /** How many messages a group has not dealt with. */
  readonly lag: (group: string, topic: string, partition: number) => number;
  /** Hands the next messages to the group, at most `limit`, and does what the outcome says. False when none is left. */
  readonly deliver: (delivery: Delivery) => Promise<boolean>;
  /** The group's next offset: below it everything is dealt with. */
  readonly committed: (group: string, topic: string, partition: number) => bigint;
  /** The group's process died, or lost the partition: what it had not committed comes again. */
  readonly restart: (group: string) => void;
}

export interface Delivery {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly limit: number;
  readonly onBatch: OnMemoryBatch;
}

interface Log {
  /** The offset of the first message that is still kept. */
  start: bigint;
  readonly messages: StoredMessage[];
}

interface Position {
  committed: bigint;
  /** Where reading goes on; ahead of `committed` after a seek. */
  next: bigint;
}

/** A broker whose topics all have so many partitions. Messages that every group has dealt with are forgotten. */
export function createMemoryBroker(partitions: number): MemoryBroker {
  const logs = new Map<string, Log>();
  const positions = new Map<string, Position>();
  const logOf = (topic: string, partition: number): Log => {
    const name = `${topic}/${partition}`;
    return remembered(logs, name, () => ({ start: 0n, messages: [] }));
  };
  const positionOf = (group: string, topic: string, partition: number): Position =>
    remembered(positions, `${group} ${topic}/${partition}`, () => ({ committed: 0n, next: 0n }));
  const forget = (topic: string, partition: number): void => {
    const log = logOf(topic, partition);
    const own = [...positions].filter(([name]) => name.endsWith(` ${topic}/${partition}`));
    const offsets = [endOf(log), ...own.map(([, { committed }]) => committed)];
    const oldest = offsets.toSorted((a, b) => Number(a - b))[0] ?? log.start;
    if (oldest - log.start < KEPT) return;
    log.messages.splice(0, Number(oldest - log.start));
    log.start = oldest;
  };
  let unkeyed = 0;
  return {
    partitions,
    publish(topic, messages) {
      for (const message of messages) {
        const partition = message.key === null ? unkeyed++ % partitions : partitionOf(message.key, partitions);
        const log = logOf(topic, partition);
        log.messages.push({ ...message, offset: endOf(log) });
      }
    },
    lag: (group, topic, partition) =>
      Number(endOf(logOf(topic, partition)) - positionOf(group, topic, partition).committed),
    async deliver({ group, topic, partition, limit, onBatch }) {
      const log = logOf(topic, partition);
      const position = positionOf(group, topic, partition);
      const from = Number(position.next - log.start);
      const messages = log.messages.slice(from, from + limit);
      if (messages.length === 0) return false;
      const outcome = await settled(() => onBatch({ topic, partition, messages }));
      follow(position, outcome);
      if (outcome.kind === "done") forget(topic, partition);
      return true;
    },
    committed: (group, topic, partition) => positionOf(group, topic, partition).committed,
    restart(group) {
      for (const [name, position] of positions) {
        if (name.startsWith(`${group} `)) position.next = position.committed;
      }
    },
  };
}

/** So many messages that are done with are kept before they are forgotten, because forgetting one by one is slow. */
const KEPT = 256n;

/** FNV-1a, 32 bits: any function of the key would do. */
function partitionOf(key: string, partitions: number): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash % partitions;
}

function endOf({ start, messages }: Log): bigint {
  return start + BigInt(messages.length);
}

/** An error of the group's own making is no reason to lose messages: they come again. */
async function settled(work: () => Promise<BatchOutcome>): Promise<BatchOutcome> {
  try {
    return await work();
  } catch (error) {
    return { kind: "retry", error };
  }
}

function follow(position: Position, outcome: BatchOutcome): void {
  switch (outcome.kind) {
    case "done":
      position.committed = outcome.nextOffset;
      position.next = outcome.nextOffset;
      break;
    case "seek":
      position.next = outcome.offset;
      break;
    case "retry":
    case "stop_partition":
      break;
    default:
      outcome satisfies never;
  }
}

function remembered<Value>(map: Map<string, Value>, name: string, make: () => Value): Value {
  const known = map.get(name) ?? make();
  map.set(name, known);
  return known;
}
