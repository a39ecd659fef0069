import { classify } from "../../messaging/failure-policy.ts";
import type { Log } from "../../runtime/log.ts";
import type {
  BatchMessage,
  BatchResult,
  CommandBatch,
  ParkedValue,
  SharedResult,
} from "../../storage/user-store/batch.ts";
import type { SharingUserStore, UserStore } from "../../storage/user-store.ts";

/** A batch that was committed, and what came of it. */
export interface Committed {
  readonly batch: CommandBatch;
  readonly result: BatchResult & { readonly kind: "committed" };
}

export interface ApplySettings {
  readonly store: UserStore;
  readonly log: Log;
  /** What follows a commit, for every batch that was in it; may fail without loss, and must not throw. */
  readonly committed: (all: readonly Committed[]) => void;
  /** Counts a command that failed alone. */
  readonly poisoned: (partition: number) => void;
  readonly parkedValueOf: (message: BatchMessage, detail: string, partition: number) => ParkedValue;
}

/** Messages of one partition, as its owner hands them over. */
export interface Range extends CommandBatch {
  readonly clusterId: string;
}

/**
 * Applies ranges of several partitions in one transaction, results in their order. An error that time heals is every
 * range's result, so that each is tried again. With any other error each range is applied on its own, so that a failing
 * command costs nothing but its own partition's share.
 */
export async function applyTogether(
  ranges: readonly Range[],
  settings: ApplySettings & { readonly store: SharingUserStore },
): Promise<readonly PromiseSettledResult<SharedResult>[]> {
  const [first] = ranges;
  if (first === undefined) return [];
  if (ranges.length > 1) {
    try {
      const results = await settings.store.changeTogether(ranges, first.clusterId);
      settings.committed(committedOf(ranges, results));
      return results.map((value) => ({ status: "fulfilled", value }));
    } catch (reason) {
      if (classify(reason).kind === "temporary") return ranges.map(() => ({ status: "rejected", reason }));
    }
  }
  const results: PromiseSettledResult<SharedResult>[] = [];
  for (const range of ranges) results.push(...(await Promise.allSettled([applyMessages(range, settings)])));
  return results;
}

function committedOf(ranges: readonly Range[], results: readonly SharedResult[]): readonly Committed[] {
  return ranges.flatMap((batch, index) => {
    const result = results[index];
    return result?.kind === "committed" ? [{ batch, result }] : [];
  });
}

/**
 * Applies messages of one partition in one transaction. An error that time heals is thrown: the caller tries the whole
 * again. With any other error the messages are halved until the failing command is alone; that one is decided
 * INTERNAL_ERROR and parked, everything else commits, later commands of its user included.
 */
export async function applyMessages(range: Range, settings: ApplySettings): Promise<BatchResult> {
  const { messages } = range;
  try {
    return await changeAlone(range, settings);
  } catch (error) {
    const { kind, name } = classify(error);
    const [only] = messages;
    if (kind === "temporary" || only === undefined) throw error;
    if (messages.length === 1) return applyPoison(range, { error, name }, settings);
  }
  const middle = Math.ceil(messages.length / 2);
  const first = await applyMessages({ ...range, messages: messages.slice(0, middle) }, settings);
  if (first.kind !== "committed") return first;
  return applyMessages({ ...range, messages: messages.slice(middle) }, settings);
}

async function changeAlone(range: Range, { store, committed }: ApplySettings): Promise<BatchResult> {
  const { clusterId, ...batch } = range;
  const result = await store.change(batch, clusterId);
  if (result.kind === "committed") committed([{ batch, result }]);
  return result;
}

async function applyPoison(
  range: Range,
  failure: { readonly error: unknown; readonly name: string },
  settings: ApplySettings,
): Promise<BatchResult> {
  const [message] = range.messages;
  if (message === undefined || message.kind === "parked" || message.poison !== null) throw failure.error;
  const { commandId, type } = message.command;
  const { partition } = range;
  settings.log.error({ error: failure.error, commandId, type, partition }, "A command failed alone; it is parked");
  settings.poisoned(partition);
  const detail = `applying ${type} ${commandId} failed with ${failure.name}`;
  const poison = settings.parkedValueOf(message, detail, partition);
  return changeAlone({ ...range, messages: [{ ...message, poison }] }, settings);
}
