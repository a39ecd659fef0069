import { classify } from "../../messaging/failure-policy.ts";
import type { Log } from "../../runtime/log.ts";
import type { BatchMessage, BatchResult, ParkedValue } from "../../storage/user-store/batch.ts";
import type { UserStore } from "../../storage/user-store.ts";

export interface ApplySettings {
  readonly store: UserStore;
  readonly log: Log;
  /** What follows a commit; may fail without loss, and must not throw. */
  readonly committed: (result: BatchResult & { readonly kind: "committed" }) => void;
  /** Counts a command that failed alone. */
  readonly poisoned: () => void;
  readonly parkedValueOf: (message: BatchMessage, detail: string) => ParkedValue;
}

/** Messages of one partition, as its owner hands them over. */
export interface Range {
  readonly topic: string;
  readonly partition: number;
  readonly clusterId: string;
  readonly messages: readonly BatchMessage[];
}

/**
 * Applies messages in one transaction. An error that time heals is thrown: the caller tries the whole again. With any
 * other error the messages are halved until the failing command is alone; that one is decided INTERNAL_ERROR and
 * parked, everything else commits, later commands of its user included.
 */
export async function applyMessages(range: Range, settings: ApplySettings): Promise<BatchResult> {
  const { topic, partition, clusterId, messages } = range;
  try {
    const result = await settings.store.change({ topic, partition, messages }, clusterId);
    if (result.kind === "committed") settings.committed(result);
    return result;
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

async function applyPoison(
  range: Range,
  failure: { readonly error: unknown; readonly name: string },
  settings: ApplySettings,
): Promise<BatchResult> {
  const [message] = range.messages;
  if (message === undefined || message.kind === "parked" || message.poison !== null) throw failure.error;
  const { commandId, type } = message.command;
  const { topic, partition, clusterId } = range;
  settings.log.error({ error: failure.error, commandId, type, partition }, "A command failed alone; it is parked");
  settings.poisoned();
  const poison = settings.parkedValueOf(message, `applying ${type} ${commandId} failed with ${failure.name}`);
  const result = await settings.store.change({ topic, partition, messages: [{ ...message, poison }] }, clusterId);
  if (result.kind === "committed") settings.committed(result);
  return result;
}
