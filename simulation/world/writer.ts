import { applyMessages } from "../../consumers/users/apply-messages.ts";
import type { Command } from "../../domain/commands.ts";
import type { BatchOutcome } from "../../messaging/batch.ts";
import type { Log } from "../../runtime/log.ts";
import type { BatchMessage, BatchResult, CommandBatch } from "../../storage/user-store/batch.ts";
import type { UserStore } from "../../storage/user-store.ts";
import { insist, Violation } from "../checks/violation.ts";
import type { MemoryBatch } from "../memory-broker.ts";

/** What befalls a writer while it works on a batch. */
export type Fault = "none" | "rolled_back" | "died_after_commit" | "second_owner" | "read_ahead";

export interface WriterSettings {
  readonly change: UserStore["change"];
  readonly clusterId: string;
  /** The next commit fails, in a way that passes. */
  readonly failNextCommit: () => void;
  /** A batch was committed, with what it led to. */
  readonly committed: (batch: CommandBatch, result: BatchResult & { readonly kind: "committed" }) => void;
}

/** The writers, as one: each partition's batches come one after another. */
export interface Writer {
  readonly apply: (batch: MemoryBatch, fault: Fault) => Promise<BatchOutcome>;
  /** What did not hold while a batch was applied. It is kept here, because a consumer takes an error for a bad message. */
  readonly broken: () => Violation | null;
}

/**
 * The users consumer over the twins: the real splitting of batches (consumers/users/apply-messages.ts), and the faults
 * that a consumer must survive. What it had not committed to the broker comes again.
 */
export function createWriter(settings: WriterSettings): Writer {
  const state: State = { broken: null };
  return {
    broken: () => state.broken,
    apply: async (batch, fault) => {
      try {
        return await apply({ ...settings, committed: keeping(state, settings.committed) }, batch, fault);
      } catch (error) {
        state.broken ??= error instanceof Violation ? error : null;
        throw error;
      }
    },
  };
}

interface State {
  broken: Violation | null;
}

function keeping(state: State, committed: WriterSettings["committed"]): WriterSettings["committed"] {
  return (batch, result) => {
    try {
      committed(batch, result);
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      state.broken ??= error;
    }
  };
}

async function apply(settings: WriterSettings, batch: MemoryBatch, fault: Fault): Promise<BatchOutcome> {
  if (fault === "rolled_back") settings.failNextCommit();
  const messages = toMessages(batch);
  const result = await work(
    settings,
    batch,
    fault === "read_ahead" && messages.length > 1 ? messages.slice(1) : messages,
  );
  if (result.kind === "gap") return { kind: "seek", offset: result.nextOffset };
  insist(result.kind === "committed", "admission", () => `a batch of ${batch.topic} was not admitted`);
  if (fault === "second_owner") {
    const again = await work(settings, batch, messages);
    const isNothing = again.kind === "committed" && again.decisions.length + again.outgoing.length === 0;
    insist(isNothing, "fence", () => "a second owner applied a batch again");
  }
  if (fault === "died_after_commit") return { kind: "retry", error: new Error("the writer died") };
  return { kind: "done", nextOffset: result.nextOffset };
}

function toMessages({ messages }: MemoryBatch): readonly BatchMessage[] {
  return messages.map(({ offset, value }) => ({
    kind: "command",
    offset,
    command: value as Command,
    traceparent: null,
    poison: null,
  }));
}

function work(
  { change: applyBatch, clusterId, committed }: WriterSettings,
  { topic, partition }: MemoryBatch,
  messages: readonly BatchMessage[],
): Promise<BatchResult> {
  const change = async (batch: CommandBatch, cluster: string): Promise<BatchResult> => {
    const result = await applyBatch(batch, cluster);
    if (result.kind === "committed") committed(batch, result);
    return result;
  };
  return applyMessages(
    { topic, partition, clusterId, messages },
    {
      store: { change },
      log: SILENT,
      committed: () => undefined,
      poisoned: () => undefined,
      parkedValueOf: ({ offset }, detail) => ({
        reason: "command_failed",
        detail,
        consumer: "users",
        original: { topic, partition, offset: String(offset), key: null },
        rawBase64: null,
        parkedAt: PARKED_AT,
      }),
    },
  );
}

const PARKED_AT = "2026-03-01T12:00:00.000Z";

const SILENT: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => SILENT,
};
