import type { Command } from "../../domain/commands.ts";
import type { UserRecord } from "../../domain/decision.ts";
import type { UserEvent } from "../../domain/events.ts";
import type { RefusalCode } from "../../domain/refusals.ts";
import type { UserAddress } from "../../domain/user/user.ts";
import type { ManualClock } from "../../runtime/clock.ts";
import type { BatchMessage, BatchResult, OutgoingMessage } from "../../storage/user-store/batch.ts";
import type { Progress } from "../../storage/user-store/progress.ts";
import type { UserStore } from "../../storage/user-store.ts";
import { type CommandWriter, commandWriter } from "../support/domain-commands.ts";

export const TOPIC = "user-commands";
export const CLUSTER = "cluster-1";

/** A store, and what has to be looked at to see what it did. The partner `acme` exists, with one endpoint. */
export interface StoreStage {
  readonly clock: ManualClock;
  readonly store: UserStore;
  /** The same rows, written by another process. */
  readonly secondOwner: UserStore;
  /** A partition of the test's own, admitted from offset 0 for the cluster. */
  readonly newPartition: () => Promise<number>;
  readonly progressOf: (partition: number) => Promise<Progress | null>;
  readonly readOutbox: (behind: {
    readonly partition: number;
    readonly outboxId: bigint;
    readonly limit: number;
  }) => Promise<readonly OutgoingMessage[]>;
  readonly movePublishedThrough: (partition: number, outboxId: bigint) => Promise<void>;
  readonly recordOf: (address: UserAddress) => Promise<UserRecord>;
  readonly historyOf: (address: UserAddress) => Promise<readonly UserEvent[]>;
  readonly refusalsOf: (address: UserAddress) => Promise<readonly RefusalCode[]>;
  /** Until the work is done every commit fails. */
  readonly whileCommitsFail: (work: () => Promise<void>) => Promise<void>;
}

export type Committed = BatchResult & { readonly kind: "committed" };

/** One user in a partition of its own, and the commands about it. */
export interface StagedUser {
  readonly address: UserAddress;
  readonly partition: number;
  /** Writes commands without sending them. */
  readonly writes: CommandWriter<Command>;
  /** Applies the next messages of the partition, in one batch. */
  readonly apply: (...commands: readonly Command[]) => Promise<Committed>;
  readonly record: () => UserRecord;
  readonly history: () => Promise<readonly UserEvent[]>;
}

/** The part of a stage that one user needs. */
export type UserStage = Pick<StoreStage, "clock" | "store" | "newPartition" | "progressOf" | "recordOf" | "historyOf">;

/** A user nobody has heard of yet. */
export async function stagedUser(stage: UserStage, referenceId: string, partition?: number): Promise<StagedUser> {
  const address = { partner: "acme", environment: "test", referenceId } as const;
  const own = partition ?? (await stage.newPartition());
  let record = await stage.recordOf(address);
  const clock = { now: () => new Date(stage.clock.now()).toISOString() };
  return {
    address,
    partition: own,
    writes: commandWriter({
      send: (command) => command,
      record: () => record,
      clock,
      referenceId,
      policy: () => "basic@1",
    }),
    apply: async (...commands) => {
      const offset = (await stage.progressOf(own))?.nextOffset ?? 0n;
      const batch = { topic: TOPIC, partition: own, messages: messagesFrom(offset, commands) };
      const result = committed(await stage.store.change(batch, CLUSTER));
      record = await stage.recordOf(address);
      return result;
    },
    record: () => record,
    history: () => stage.historyOf(address),
  };
}

/** The commands as messages of a partition, from an offset on. */
export function messagesFrom(offset: bigint, commands: readonly Command[]): readonly BatchMessage[] {
  return commands.map((command, index) => ({
    kind: "command",
    offset: offset + BigInt(index),
    command: { ...command, replyTo: "gateway-1" },
    traceparent: traceparentAt(offset + BigInt(index)),
    poison: null,
  }));
}

/** The trace of the message at an offset; every fourth message has none. */
export function traceparentAt(offset: bigint): string | null {
  return offset % 4n === 3n ? null : `00-${(offset + 1n).toString(16).padStart(32, "0")}-00f067aa0ba902b7-01`;
}

/** The result of a batch that was committed; anything else fails the test. */
export function committed(result: BatchResult): Committed {
  if (result.kind !== "committed") throw new Error(`the batch was not committed: ${result.kind}`);
  return result;
}

/** The types of what leaves, in order. */
export function typesOf({ outgoing }: Committed): readonly (string | undefined)[] {
  return outgoing.map(({ headers }) => headers["type"]);
}
