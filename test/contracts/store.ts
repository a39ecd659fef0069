import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { replay } from "../../domain/evolve.ts";
import type { ParkedValue } from "../../storage/user-store/batch.ts";
import { BANK_ACCOUNT, BASIC_DATA } from "../support/domain-commands.ts";
import {
  CLUSTER,
  committed,
  messagesFrom,
  type StoreStage,
  stagedUser,
  TOPIC,
  traceparentAt,
  typesOf,
} from "./store-stage.ts";

/** A stage and what has to be given back when the tests are through. */
export interface StageSource {
  readonly open: () => Promise<{ readonly stage: StoreStage; readonly close: () => Promise<void> }>;
}

/** What every user store promises (storage/user-store.ts): the same tests for the real one and for its twin. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a list of tests, each of them short
export function describeUserStore({ open }: StageSource): void {
  let stage: StoreStage;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ stage, close } = await open());
  });
  afterAll(() => close());
  const user = (referenceId: string, partition?: number) => stagedUser(stage, referenceId, partition);

  // biome-ignore lint/complexity/noExcessiveLinesPerFunction: a list of tests, each of them short
  describe("a batch", () => {
    test("is one commit: state, history, decisions, refusals, outbox and the next offset", async () => {
      const { writes, apply, address, record, history, partition } = await user("one_commit");
      const result = await apply(writes.create(), writes.create());
      expect(result.nextOffset).toBe(2n);
      expect(result.decisions.map(({ decision }) => decision.outcome)).toEqual(["applied", "refused"]);
      expect(record().links).toHaveLength(1);
      expect(await stage.refusalsOf(address)).toEqual(["ACTIVE_LINK_EXISTS"]);
      expect((await history()).map(({ type }) => type)).toEqual(typesOf(result));
      expect((await stage.progressOf(partition))?.nextOffset).toBe(2n);
      expect(await stage.readOutbox({ partition, outboxId: 0n, limit: 100 })).toEqual(result.outgoing);
    });

    test("a later command sees what an earlier one of the batch did; other users see nothing of it", async () => {
      const { writes, apply, record, partition } = await user("sees");
      const other = await user("sees_other", partition);
      const created = writes.create();
      await apply(created);
      const linkId = record().links[0]?.linkId ?? "";
      const result = await apply(writes.open({ linkId }), other.writes.open({ linkId }), writes.revoke({ linkId }));
      expect(result.decisions.map(({ decision }) => decision.refusal?.code ?? "applied")).toEqual([
        "applied",
        "RESOURCE_NOT_FOUND",
        "applied",
      ]);
      expect(record().links.map(({ status }) => status)).toEqual(["revoked"]);
    });

    test("P5 P7 replaying the history, private values included, gives what is stored, byte for byte", async () => {
      const { writes, apply, record, history } = await user("replayed");
      const odd = { name: { firstName: 'Zoë \\ "q" ? $1', lastName: "In\u0303igo" }, paymentMethod: BANK_ACCOUNT };
      await apply(writes.create({ userData: odd, metadata: { nested: [1, null, { a: "ñ" }] } }));
      await apply(writes.open());
      await apply(writes.provide(BASIC_DATA), writes.submitCip());
      await apply(writes.cipResult(), writes.confirm());
      await apply(writes.updateOperation({ amount: { receive: "1031.50" } }));
      const { heldResults: _, ...stored } = record();
      expect(stored.user?.state).toBe("cip_verified");
      expect(stored.links[0]?.status).toBe("completed");
      const { heldResults: __, ...told } = replay(await history());
      expect(told).toEqual(stored);
      expect(JSON.stringify(stored.user?.values.paymentMethod?.partner_api)).toBe(JSON.stringify(BANK_ACCOUNT));
    });

    test("all that leaves because of a command is in its trace, events and requests alike, published again or not", async () => {
      const { writes, apply, partition } = await user("traced");
      await apply(writes.create({ userData: BASIC_DATA }));
      await apply(writes.open());
      const opened = (await stage.readOutbox({ partition, outboxId: 0n, limit: 100 })).at(-1)?.outboxId ?? 0n;
      const { outgoing } = await apply(writes.submitCip(), writes.revoke());
      expect(outgoing.map(({ topic, headers }) => [topic, headers["traceparent"] ?? null])).toEqual([
        ["userEvents", traceparentAt(2n)],
        ["userEvents", traceparentAt(2n)],
        ["userEvents", traceparentAt(2n)],
        ["cipRequests", traceparentAt(2n)],
      ]);
      expect(await stage.readOutbox({ partition, outboxId: opened, limit: 100 })).toEqual(outgoing);
    });

    test("P6 a refusal leaves a row of its own and nothing in the user's history", async () => {
      const { writes, apply, address, record, history } = await user("refused");
      await apply(writes.create());
      const before = { record: record(), history: await history() };
      const { outgoing } = await apply(writes.submitCip(), writes.confirm(), writes.create());
      expect(outgoing).toEqual([]);
      expect({ record: record(), history: await history() }).toEqual(before);
      expect(await stage.refusalsOf(address)).toEqual(["LINK_NOT_OPEN", "LINK_NOT_OPEN", "ACTIVE_LINK_EXISTS"]);
    });

    test("C5 S11 a link whose time has come ends before the next one begins, in one commit", async () => {
      const { writes, apply, record } = await user("expiring");
      await apply(writes.create());
      stage.clock.advance(61 * 60_000);
      expect(typesOf(await apply(writes.create())).slice(0, 1)).toEqual(["link.expired"]);
      expect(record().links.map(({ status }) => status)).toEqual(["expired", "created"]);
    });

    test("E8 an answer to a request that was fulfilled finds that its link is revoked since", async () => {
      const { writes, apply } = await user("answered");
      await apply(writes.create());
      await apply(writes.answer(BASIC_DATA));
      await apply(writes.revoke());
      const { decisions } = await apply(writes.answer({ idNumber: "XEXX010101" }));
      expect(decisions[0]?.decision.refusal?.code).toBe("LINK_REVOKED");
    });

    test("B2 a result that came before its attempt waits, and applies when the attempt exists", async () => {
      const { writes, apply, record } = await user("held");
      await apply(writes.create({ userData: BASIC_DATA }));
      await apply(writes.cipResult({}, { attemptId: null }));
      expect(record().heldResults).toHaveLength(1);
      await apply(writes.open());
      await apply(writes.submitCip());
      expect(record().heldResults).toEqual([]);
      expect(record().user?.state).toBe("cip_verified");
    });
  });

  describe("what comes again", () => {
    test("a command that was decided changes nothing and gets its decision again, in any later batch", async () => {
      const { writes, apply, record, history } = await user("repeated");
      const [created, refused] = [writes.create(), writes.create()];
      const first = await apply(created, refused);
      const before = { record: record(), history: await history() };
      const again = await apply(refused, created, created);
      const [one, two] = first.decisions.map(({ decision }) => decision);
      expect(again.decisions.map(({ decision }) => decision)).toEqual([two, one, one]);
      expect(again.outgoing).toEqual([]);
      expect({ record: record(), history: await history() }).toEqual(before);
    });

    test("a command id of another user is another command", async () => {
      const one = await user("same_id");
      const other = await user("same_id_other", one.partition);
      const command = one.writes.create();
      await one.apply(command);
      const { decisions } = await other.apply({ ...command, referenceId: "same_id_other" });
      expect(decisions[0]?.decision.answer).toMatchObject({ referenceId: "same_id_other" });
    });

    test("messages below the next offset are skipped, the rest of their batch is applied", async () => {
      const { writes, partition } = await user("skipped");
      const messages = messagesFrom(0n, [writes.create(), writes.create(), writes.create()]);
      const change = async (from: number, to: number) =>
        committed(await stage.store.change({ topic: TOPIC, partition, messages: messages.slice(from, to) }, CLUSTER));
      await change(0, 2);
      expect(await change(0, 2)).toEqual({ kind: "committed", nextOffset: 2n, decisions: [], outgoing: [] });
      const rest = await change(1, 3);
      expect(rest.nextOffset).toBe(3n);
      expect(rest.decisions).toHaveLength(1);
    });

    test("a batch above the next offset is a gap and is never applied", async () => {
      const { writes, partition, address } = await user("after_gap");
      const batch = { topic: TOPIC, partition, messages: messagesFrom(3n, [writes.create()]) };
      expect(await stage.store.change(batch, CLUSTER)).toEqual({ kind: "gap", nextOffset: 0n });
      expect((await stage.recordOf(address)).user).toBeNull();
    });

    test("a partition of another Kafka cluster, or one never admitted, is not touched", async () => {
      const { writes, partition, address } = await user("not_admitted");
      const messages = messagesFrom(0n, [writes.create()]);
      const elsewhere = await stage.store.change({ topic: TOPIC, partition, messages }, "cluster-2");
      const unknown = await stage.store.change({ topic: TOPIC, partition: 9_999, messages }, CLUSTER);
      expect([elsewhere, unknown]).toEqual([{ kind: "not_admitted" }, { kind: "not_admitted" }]);
      expect((await stage.recordOf(address)).user).toBeNull();
    });

    test("P11 two owners that apply the same batches at once are fenced: everything counts once, in order", async () => {
      const { writes, partition, address } = await user("fenced");
      const commands = Array.from({ length: 10 }, () => writes.create({ onActive: "replace" }));
      const batches = [0, 2, 4, 6, 8].map((at) => messagesFrom(BigInt(at), commands.slice(at, at + 2)));
      const own = async ({ change }: StoreStage["store"]): Promise<void> => {
        for (const messages of batches) committed(await change({ topic: TOPIC, partition, messages }, CLUSTER));
      };
      await Promise.all([own(stage.store), own(stage.secondOwner), own(stage.store)]);
      const history = await stage.historyOf(address);
      expect(history.filter(({ type }) => type === "link.created")).toHaveLength(10);
      expect(history.map(({ sequence }) => sequence)).toEqual(history.map((_, index) => index + 1));
    });
  });

  describe("what fails", () => {
    test("a command that fails undoes its whole batch, so that it can be split", async () => {
      const { writes, apply, address, partition } = await user("split");
      const broken = { ...writes.create({ userData: { dob: "1990-05-15" } }), values: {} };
      const neighbour = await user("split_neighbour", partition);
      await expect(apply(neighbour.writes.create(), broken)).rejects.toThrow();
      expect((await stage.recordOf(neighbour.address)).user).toBeNull();
      expect((await stage.progressOf(partition))?.nextOffset).toBe(0n);
      await apply(neighbour.writes.create(), writes.create());
      expect((await stage.recordOf(address)).user?.version).toBe(1);
    });

    test("a commit that fails leaves nothing behind, and the same batch applies afterwards", async () => {
      const { writes, apply, address, partition } = await user("rolled_back");
      const commands = [writes.create(), writes.create()];
      await stage.whileCommitsFail(() => expect(apply(...commands)).rejects.toThrow());
      expect((await stage.recordOf(address)).user).toBeNull();
      expect(await stage.historyOf(address)).toEqual([]);
      expect(await stage.refusalsOf(address)).toEqual([]);
      expect(await stage.readOutbox({ partition, outboxId: 0n, limit: 10 })).toEqual([]);
      expect((await stage.progressOf(partition))?.nextOffset).toBe(0n);
      const { decisions } = await apply(...commands);
      expect(decisions.map(({ decision }) => decision.outcome)).toEqual(["applied", "refused"]);
    });

    test("a poisoned command is decided INTERNAL_ERROR and parked; its user's next command applies", async () => {
      const { writes, apply, partition, record } = await user("poisoned");
      const [first] = messagesFrom(0n, [writes.create()]);
      if (first?.kind !== "command") throw new Error("a command is a command");
      const messages = [{ ...first, poison: PARKED }];
      const { decisions, outgoing } = committed(
        await stage.store.change({ topic: TOPIC, partition, messages }, CLUSTER),
      );
      expect(decisions[0]?.decision).toMatchObject({ outcome: "failed", refusal: { code: "INTERNAL_ERROR" } });
      expect(outgoing.map(({ topic, key, value }) => ({ topic, key, value }))).toEqual([
        { topic: "parked", key: "acme/test/poisoned", value: PARKED },
      ]);
      await apply(writes.create());
      expect(record().links).toHaveLength(1);
    });
  });

  describe("the outbox", () => {
    test("P11 has what leaves in the order of the commands, and is read on from any place", async () => {
      const { writes, apply, partition } = await user("outbox");
      const other = await user("outbox_other", partition);
      await apply(writes.create({ userData: { ...BASIC_DATA, paymentMethod: BANK_ACCOUNT } }));
      await apply(writes.open());
      const moved = await apply(writes.submitCip(), other.writes.create());
      expect(moved.outgoing.map(({ topic }) => topic)).toContain("cipRequests");
      const keys = moved.outgoing.map(({ key }) => key);
      expect(keys).toEqual(keys.toSorted());
      const all = await stage.readOutbox({ partition, outboxId: 0n, limit: 100 });
      expect(all.slice(-moved.outgoing.length)).toEqual(moved.outgoing);
      expect(all.map(({ outboxId }) => outboxId)).toEqual(all.map(({ outboxId }) => outboxId).toSorted(ascending));
      const third = all[2]?.outboxId ?? 0n;
      expect(await stage.readOutbox({ partition, outboxId: third, limit: 2 })).toEqual(all.slice(3, 5));
    });

    test("what is published only moves forward", async () => {
      const { partition } = await user("published");
      await stage.movePublishedThrough(partition, 7n);
      await stage.movePublishedThrough(partition, 3n);
      expect((await stage.progressOf(partition))?.publishedThrough).toBe(7n);
    });
  });
}

const ascending = (a: bigint, b: bigint): number => Number(a - b);

const PARKED: ParkedValue = {
  reason: "command_failed",
  detail: "it failed alone",
  consumer: "users",
  original: { topic: TOPIC, partition: 0, offset: "0", key: "acme/test/poisoned" },
  rawBase64: null,
  parkedAt: "2026-03-01T10:00:00.000Z",
};
