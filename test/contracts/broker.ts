import { afterEach, beforeEach, expect, test } from "vitest";
import type { BatchOutcome } from "../../messaging/batch.ts";

/** A message as a test writes and reads it: the number tells messages apart. */
export interface NumberedMessage {
  readonly key: string;
  readonly number: number;
}

export interface NumberedBatch {
  readonly partition: number;
  readonly messages: readonly (NumberedMessage & { readonly offset: bigint })[];
}

export type OnNumberedBatch = (batch: NumberedBatch) => Promise<BatchOutcome>;

/** One topic of a broker, and whoever reads it. */
export interface BrokerStage {
  /** Resolves when the messages are there to stay. */
  readonly publish: (...messages: readonly NumberedMessage[]) => Promise<void>;
  /** Joins a group that has the topic to itself; resolves when it reads. */
  readonly join: (group: string, onBatch: OnNumberedBatch) => Promise<{ readonly leave: () => Promise<void> }>;
  readonly close: () => Promise<void>;
}

/** What every broker promises to this system: the same tests for Kafka through messaging/ and for its twin. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a list of tests, each of them short
export function describeBroker(open: () => Promise<BrokerStage>): void {
  let stage: BrokerStage;
  beforeEach(async () => {
    stage = await open();
  });
  afterEach(() => stage.close());

  test("keeps the order of a key, in one partition, under offsets without a gap", async () => {
    const numbers = Array.from({ length: 30 }, (_, number) => number);
    await stage.publish(...numbers.map((number) => ({ key: `user_${number % 3}`, number })));
    const reader = reading();
    await stage.join("readers", reader.onBatch);
    await reader.until(30);
    const places = new Map<string, { partition: number; offsets: bigint[]; numbers: number[] }>();
    for (const { partition, key, offset, number } of reader.seen()) {
      const place = places.get(key) ?? { partition, offsets: [], numbers: [] };
      expect(place.partition).toBe(partition);
      places.set(key, {
        partition,
        offsets: [...place.offsets, offset],
        numbers: [...place.numbers, number],
      });
    }
    expect([...places.values()].map((place) => place.numbers)).toEqual(
      expect.arrayContaining([0, 1, 2].map((first) => numbers.filter((number) => number % 3 === first))),
    );
    for (const partition of new Set([...places.values()].map((place) => place.partition))) {
      const offsets = [...places.values()].filter((place) => place.partition === partition).flatMap((it) => it.offsets);
      expect(offsets.toSorted(ascending)).toEqual(offsets.map((_, index) => BigInt(index)));
    }
  });

  test("brings a batch that was not committed again, at the same offsets, and nothing behind it before", async () => {
    await stage.publish(one(1), one(2), one(3));
    const tries: bigint[][] = [];
    const reader = reading(({ messages }) => {
      tries.push(messages.map(({ offset }) => offset));
      return tries.length < 3 ? { kind: "retry", error: new Error("not yet"), afterMs: 1 } : null;
    });
    await stage.join("readers", reader.onBatch);
    await reader.until(3);
    expect(reader.numbers()).toEqual([1, 2, 3]);
    expect(tries.map(([first]) => first)).toEqual([0n, 0n, 0n]);
  });

  test("brings a batch again whose reader fails", async () => {
    await stage.publish(one(1));
    let tries = 0;
    const reader = reading(() => {
      tries += 1;
      if (tries === 1) throw new Error("a bug of the reader");
      return null;
    });
    await stage.join("readers", reader.onBatch);
    await reader.until(1);
    expect(tries).toBe(2);
  });

  test("brings the rest again of a batch that was done in part", async () => {
    await stage.publish(one(1), one(2), one(3));
    const reader = reading(({ messages }) => {
      const [first] = messages;
      return first?.offset === 0n && messages.length > 1 ? { kind: "done", nextOffset: 1n } : null;
    });
    await stage.join("readers", reader.onBatch);
    await reader.until(2);
    expect(reader.numbers()).toEqual([2, 3]);
  });

  test("a group goes on behind what it has committed, whoever reads for it", async () => {
    await stage.publish(one(1));
    const first = reading();
    const { leave } = await stage.join("readers", first.onBatch);
    await first.until(1);
    await leave();
    await stage.publish(one(2));
    const second = reading();
    await stage.join("readers", second.onBatch);
    await second.until(1);
    expect(second.numbers()).toEqual([2]);
  });

  test("what a reader had not committed when it went comes to its successor", async () => {
    await stage.publish(one(1));
    const asked = Promise.withResolvers<void>();
    const { leave } = await stage.join("readers", async () => {
      asked.resolve();
      return { kind: "retry", error: new Error("it goes before it is done"), afterMs: 1 };
    });
    await asked.promise;
    await leave();
    const second = reading();
    await stage.join("readers", second.onBatch);
    await second.until(1);
    expect(second.numbers()).toEqual([1]);
  });

  test("gives every group everything", async () => {
    await stage.publish(one(1), one(2));
    const [those, other] = [reading(), reading()];
    await stage.join("ones", those.onBatch);
    await stage.join("others", other.onBatch);
    await Promise.all([those.until(2), other.until(2)]);
    expect(those.numbers()).toEqual(other.numbers());
  });

  test("keeps a message that was published twice, twice: to see that it is the same is up to the reader", async () => {
    await stage.publish(one(1));
    await stage.publish(one(1));
    const reader = reading();
    await stage.join("readers", reader.onBatch);
    await reader.until(2);
    expect(reader.seen().map(({ number, offset }) => ({ number, offset }))).toEqual([
      { number: 1, offset: 0n },
      { number: 1, offset: 1n },
    ]);
  });

  test("goes on where a reader asks it to", async () => {
    await stage.publish(one(1), one(2), one(3));
    const reader = reading(({ messages }) => (messages[0]?.offset === 0n ? { kind: "seek", offset: 2n } : null));
    await stage.join("readers", reader.onBatch);
    await reader.until(1);
    expect(reader.numbers()).toEqual([3]);
  });
}

const one = (number: number): NumberedMessage => ({ key: "user_1", number });
const ascending = (a: bigint, b: bigint): number => Number(a - b);

type Seen = NumberedBatch["messages"][number] & { readonly partition: number };

/** Remembers what it was done with; `decide` may give another outcome than done. */
function reading(decide: (batch: NumberedBatch) => BatchOutcome | null = () => null) {
  const seen: Seen[] = [];
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  return {
    seen: (): readonly Seen[] => seen,
    numbers: () => seen.map(({ number }) => number),
    until: async (count: number): Promise<void> => {
      if (seen.length >= count) return;
      await new Promise<void>((resolve) => void waiting.push({ count, resolve }));
    },
    onBatch: async (batch: NumberedBatch): Promise<BatchOutcome> => {
      const decided = decide(batch);
      if (decided !== null) return decided;
      seen.push(...batch.messages.map((message) => ({ ...message, partition: batch.partition })));
      for (const { count, resolve } of waiting) if (seen.length >= count) resolve();
      return { kind: "done", nextOffset: (batch.messages.at(-1)?.offset ?? -1n) + 1n };
    },
  };
}
