import { describe, expect, test } from "vitest";
import { createUserCommands } from "../../consumers/users.ts";
import type { Command } from "../../domain/commands.ts";
import { type RefusalCode, refusal } from "../../domain/refusals.ts";
import { addressKey } from "../../domain/user/address-key.ts";
import type { RawBatch, RawMessage } from "../../messaging/batch.ts";
import { SchemaViolation } from "../../messaging/schema-errors.ts";
import type { AddressedDecision } from "../../storage/decisions.ts";
import type {
  BatchMessage,
  BatchResult,
  CommandBatch,
  OutgoingMessage,
  ParkedValue,
  SharedResult,
} from "../../storage/user-store/batch.ts";
import { createLinkCommand } from "../support/commands.ts";
import { keepingLog } from "../support/kafka.ts";

const CONTROL = { isActive: () => true, heartbeat: async () => undefined };
const TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

const commandOf = (referenceId: string): Command =>
  createLinkCommand({ partner: "acme", referenceId, commandId: `cmd_${referenceId}` });

function raw(offset: number, value: Command | string | null, changes: Partial<RawMessage> = {}): RawMessage {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const key = typeof value === "object" && value !== null ? Buffer.from(addressKey(value)) : null;
  const bytes = value === null ? null : Buffer.from(text);
  return {
    offset: BigInt(offset),
    key,
    value: bytes,
    headers: { traceparent: TRACEPARENT },
    timestamp: "0",
    ...changes,
  };
}

const FENCED = { kind: "fenced" } as const;

const batchOf = (...messages: readonly RawMessage[]): RawBatch => ({
  topic: "user-commands",
  partition: 3,
  highWatermark: 100n,
  messages,
});

/** The consumer over a store that fails where it is told to, and keeps what was committed. */
function stage({
  failsOn = (_: string): unknown => null,
  result = null as BatchResult | null,
  fenced = null as number | null,
  decisions = [] as readonly AddressedDecision[],
} = {}) {
  const committed: BatchMessage[] = [];
  const offered: OutgoingMessage[] = [];
  const parked: string[] = [];
  const told = keepingLog();
  let [poisoned, mismatches, seeks] = [0, 0, 0];
  const failIfTold = (messages: readonly BatchMessage[]): void => {
    for (const message of messages) {
      const error = message.kind === "command" && message.poison === null ? failsOn(message.command.referenceId) : null;
      if (error !== null) throw error;
    }
  };
  const change = async ({ messages }: { messages: readonly BatchMessage[] }): Promise<BatchResult> => {
    if (result !== null) return result;
    failIfTold(messages);
    committed.push(...messages);
    const outgoing = messages.flatMap(parkedOf);
    return { kind: "committed", nextOffset: (messages.at(-1)?.offset ?? 0n) + 1n, decisions, outgoing };
  };
  const shared: number[] = [];
  const doubted: number[] = [];
  const changeTogether = async (batches: readonly CommandBatch[]): Promise<readonly SharedResult[]> => {
    for (const { messages } of batches) failIfTold(messages);
    shared.push(batches.length);
    return Promise.all(batches.map((batch) => (batch.partition === fenced ? FENCED : change(batch))));
  };
  const { onBatch } = createUserCommands({
    codec: {
      encode: async () => Buffer.alloc(0),
      decode: async (bytes) => {
        if (bytes.toString() === "junk") throw new SchemaViolation("it is junk", []);
        return JSON.parse(bytes.toString());
      },
    },
    store: { change, changeTogether },
    decisions: { send: async () => undefined },
    changes: { send: async () => undefined },
    partitions: {
      ...{ assigned: async () => new Map(), owned: () => [3], stop: async () => undefined },
      admission: async () => ({ kind: "admitted", clusterId: "cluster-1", nextOffset: 0n }),
      ...{ unrecorded: () => undefined, recorded: () => undefined },
      maySeek: () => seeks++ === 0,
      offer: (_, messages) => void offered.push(...messages),
      doubt: (partition) => void doubted.push(partition),
    },
    clock: () => 1_000,
    log: told.log,
    metrics: {
      poisonedCommands: { inc: () => void poisoned++ },
      referenceIdMismatches: { inc: () => void mismatches++ },
      parked: { inc: ({ reason }) => void parked.push(reason) },
      batchSize: { observe: () => undefined },
      batchDuration: { observe: () => undefined },
    },
  });
  return {
    onBatch,
    committed,
    shared,
    offered,
    doubted,
    parked,
    told,
    poisoned: () => poisoned,
    mismatches: () => mismatches,
  };
}

function parkedOf(message: BatchMessage): readonly OutgoingMessage[] {
  const value: ParkedValue | null = message.kind === "parked" ? message.parked : message.poison;
  return value === null ? [] : [{ outboxId: message.offset, topic: "parked", key: "", value, headers: {} }];
}

describe("the users consumer", () => {
  test("parks what cannot be read, each with its reason, counts it, and goes on with the rest and its trace", async () => {
    const { onBatch, committed, offered, parked } = stage();
    const wrongKey = raw(2, commandOf("b"), { key: Buffer.from("acme/test/somebody") });
    const outcome = await onBatch(batchOf(raw(0, "junk"), raw(1, null), wrongKey, raw(3, commandOf("c"))), CONTROL);
    expect(outcome).toEqual({ kind: "done", nextOffset: 4n });
    expect(parked).toEqual(["not_in_schema", "no_value", "wrong_key"]);
    expect(committed.map(({ kind }) => kind)).toEqual(["parked", "parked", "parked", "command"]);
    expect(committed.map(({ traceparent }) => traceparent)).toEqual(Array.from({ length: 4 }, () => TRACEPARENT));
    expect(offered[0]?.value).toMatchObject({ consumer: "users", rawBase64: Buffer.from("junk").toString("base64") });
  });

  test("splits a failing batch until the command that fails is alone: that one is parked, the others commit in order", async () => {
    const bug = new TypeError("Cannot read properties of undefined");
    const { onBatch, committed, parked, poisoned } = stage({ failsOn: (user) => (user === "u5" ? bug : null) });
    const messages = Array.from({ length: 9 }, (_, index) => raw(index, commandOf(`u${index}`)));
    expect(await onBatch(batchOf(...messages), CONTROL)).toEqual({ kind: "done", nextOffset: 9n });
    expect(committed.map(({ offset }) => Number(offset))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(committed.filter((message) => message.kind === "command" && message.poison !== null)).toHaveLength(1);
    expect([parked, poisoned()]).toEqual([["command_failed"], 1]);
  });

  test("D3 an answer that names another user is counted and told, once each; another refusal is not", async () => {
    const refused = (commandId: string, code: RefusalCode): AddressedDecision => ({
      replyTo: "gateway",
      decision: { commandId, outcome: "refused", answer: null, refusal: refusal(code) },
    });
    const decisions = [refused("cmd_1", "REFERENCE_ID_MISMATCH"), refused("cmd_2", "LINK_EXPIRED")];
    const { onBatch, mismatches, told } = stage({ decisions });
    await onBatch(batchOf(raw(0, commandOf("a"))), CONTROL);
    expect(mismatches()).toBe(1);
    expect(JSON.stringify(told)).toContain("cmd_1");
  });

  test("an error that time heals brings the whole batch again; nothing is split or parked", async () => {
    const away = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    const { onBatch, committed, parked, doubted } = stage({ failsOn: () => away });
    const outcome = await onBatch(batchOf(raw(0, commandOf("a")), raw(1, commandOf("b"))), CONTROL);
    expect(outcome).toMatchObject({ kind: "retry", error: away });
    expect([committed, parked]).toEqual([[], []]);
    // It may have been committed all the same: what leaves by it is looked for in Postgres.
    expect(doubted).toEqual([3]);
  });

  test("twenty commands that fail alone within a minute stop the partition, with a sentence", async () => {
    const { onBatch, poisoned } = stage({ failsOn: () => new TypeError("a bug") });
    const messages = Array.from({ length: 20 }, (_, index) => raw(index, commandOf(`u${index}`)));
    expect(await onBatch(batchOf(...messages.slice(0, 19)), CONTROL)).toMatchObject({ kind: "done" });
    expect(await onBatch(batchOf(...messages.slice(19)), CONTROL)).toMatchObject({
      kind: "stop_partition",
      reason: expect.stringContaining("too many commands"),
    });
    expect(poisoned()).toBe(20);
  });

  test("a gap is sought once; when it is still there the partition stops and names the missing offsets", async () => {
    const { onBatch } = stage({ result: { kind: "gap", nextOffset: 4n } });
    const batch = batchOf(raw(7, commandOf("a")));
    expect(await onBatch(batch, CONTROL)).toEqual({ kind: "seek", offset: 4n });
    expect(await onBatch(batch, CONTROL)).toEqual({
      kind: "stop_partition",
      reason: "offsets from 4 to 7 are missing in partition 3",
    });
  });

  test("partitions that have something at the same time share a transaction", async () => {
    const { onBatch, shared, committed } = stage();
    const batches = [1, 2, 3].map((partition) => ({ ...batchOf(raw(0, commandOf(`u${partition}`))), partition }));
    const outcomes = await Promise.all(batches.map((batch) => onBatch(batch, CONTROL)));
    expect(outcomes).toEqual(batches.map(() => ({ kind: "done", nextOffset: 1n })));
    expect(shared).toEqual([3]);
    expect(committed).toHaveLength(3);
  });

  test("a failing command takes only its own partition out of the shared transaction", async () => {
    const { onBatch, committed, parked } = stage({
      failsOn: (user) => (user === "u2" ? new TypeError("a bug") : null),
    });
    const batches = [1, 2, 3].map((partition) => ({ ...batchOf(raw(0, commandOf(`u${partition}`))), partition }));
    await Promise.all(batches.map((batch) => onBatch(batch, CONTROL)));
    expect(committed.filter((message) => message.kind === "command" && message.poison === null)).toHaveLength(2);
    expect(parked).toEqual(["command_failed"]);
  });

  test("a partition whose fence is held elsewhere waits for it apart from the others", async () => {
    const { onBatch, shared, committed } = stage({ fenced: 2 });
    const batches = [1, 2, 3].map((partition) => ({ ...batchOf(raw(0, commandOf(`u${partition}`))), partition }));
    const outcomes = await Promise.all(batches.map((batch) => onBatch(batch, CONTROL)));
    expect(outcomes).toEqual(batches.map(() => ({ kind: "done", nextOffset: 1n })));
    expect([shared, committed.length]).toEqual([[3], 3]);
  });
});
