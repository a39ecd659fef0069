import type { OutgoingMessage } from "../../storage/user-store/batch.ts";
import type { Admission } from "./admission.ts";
import type { OutboxPublisher } from "./outbox-publisher.ts";
import type { PublishedPositions } from "./published-positions.ts";

export interface PartitionsSettings {
  readonly admit: (partition: number) => Promise<Admission>;
  readonly createPublisher: (partition: number) => OutboxPublisher;
  readonly positions: PublishedPositions;
}

/** The partitions that this process owns now: whether each may be worked on, and who publishes what leaves from it. */
export interface Partitions {
  /**
   * A new assignment: publishers of lost partitions end, those of new ones begin, every admission is asked for anew.
   * Gives the admissions; throws when Kafka or Postgres could not be asked.
   */
  readonly assigned: (partitions: readonly number[]) => Promise<ReadonlyMap<number, Admission>>;
  /** The partition's admission; asks again when asking failed before. */
  readonly admission: (partition: number) => Promise<Admission>;
  /** True once per assignment: the caller may seek to the next offset, and a second time means a real gap. */
  readonly maySeek: (partition: number) => boolean;
  /** What a transaction of the partition has just committed, if anything. */
  readonly offer: (partition: number, messages: readonly OutgoingMessage[]) => void;
  /**
   * A transaction of the partition failed: it may have been committed all the same, with only the answer lost. Its messages
   * are then skipped when they come again, and what leaves by it is nowhere but in Postgres. So that is read again, once the
   * next transaction of the partition was committed, which had to wait for the end of this one.
   */
  readonly doubt: (partition: number) => void;
  /** How far the partition's outbox is published, where that is not recorded yet: for its next transaction. */
  readonly unrecorded: (partition: number) => bigint | undefined;
  /** A transaction has recorded that. */
  readonly recorded: (partition: number, outboxId: bigint) => void;
  /** Those that are owned now. */
  readonly owned: () => readonly number[];
  readonly stop: () => Promise<void>;
}

interface Owned {
  admission: Promise<Admission> | null;
  hasSought: boolean;
  isInDoubt: boolean;
  readonly publisher: OutboxPublisher;
}

/** Keeps track of the partitions of one consumer. */
export function createPartitions({ admit, createPublisher, positions }: PartitionsSettings): Partitions {
  const owned = new Map<number, Owned>();
  const own = (partition: number): Owned => {
    const known = owned.get(partition);
    if (known !== undefined) return known;
    const begun = { admission: null, hasSought: false, isInDoubt: false, publisher: createPublisher(partition) };
    owned.set(partition, begun);
    return begun;
  };
  const admission = (partition: number): Promise<Admission> => {
    const mine = own(partition);
    mine.admission ??= admit(partition).catch((error: unknown) => {
      mine.admission = null;
      throw error;
    });
    return mine.admission;
  };
  return {
    async assigned(partitions) {
      const lost = [...owned.keys()].filter((partition) => !partitions.includes(partition));
      const publishers = lost.map((partition) => owned.get(partition)?.publisher);
      for (const partition of lost) owned.delete(partition);
      for (const partition of partitions) Object.assign(own(partition), { admission: null, hasSought: false });
      await Promise.all(publishers.map((publisher) => publisher?.stop()));
      // So that the next owner does not publish it again.
      if (lost.length > 0) await positions.flush();
      const admissions = await Promise.all(partitions.map(admission));
      return new Map(admissions.map((answer, index) => [partitions[index] ?? -1, answer]));
    },
    admission,
    maySeek(partition) {
      const mine = own(partition);
      const isFirst = !mine.hasSought;
      mine.hasSought = true;
      return isFirst;
    },
    offer(partition, messages) {
      const mine = own(partition);
      if (mine.isInDoubt) mine.publisher.readAgain();
      mine.isInDoubt = false;
      mine.publisher.offer(messages);
    },
    doubt(partition) {
      own(partition).isInDoubt = true;
    },
    unrecorded: positions.unrecorded,
    recorded: positions.recorded,
    owned: () => [...owned.keys()],
    async stop() {
      await Promise.all([...owned.values()].map(({ publisher }) => publisher.stop()));
      await positions.stop();
      owned.clear();
    },
  };
}
