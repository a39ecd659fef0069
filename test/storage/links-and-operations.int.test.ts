import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Command } from "../../domain/commands.ts";
import type { UserRecord } from "../../domain/decision.ts";
import type { Happening, UserEvent } from "../../domain/events.ts";
import { replay, UNKNOWN_USER } from "../../domain/evolve.ts";
import { manualClock } from "../../runtime/clock.ts";
import { newId } from "../../runtime/ids.ts";
import { createPartner } from "../../storage/configuration/partners.ts";
import type { StoredDecision } from "../../storage/decisions.ts";
import { createIdentityHash } from "../../storage/identity-hash.ts";
import { runSql } from "../../storage/sql.ts";
import type { OutgoingMessage } from "../../storage/user-store/batch.ts";
import { beginProgress } from "../../storage/user-store/progress.ts";
import { createUserStore, type UserStore } from "../../storage/user-store.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { BANK_ACCOUNT, BASIC_DATA, type CommandWriter, commandWriter } from "../support/domain-commands.ts";
import { workingSet } from "./working-set.ts";

const TOPIC = "user-commands";
const identityHash = createIdentityHash("a secret of this test");
const CLUSTER = "cluster-1";
const clock = manualClock(Date.parse("2026-03-01T10:00:00.000Z"));

let fresh: FreshDatabase;
let store: UserStore;
let partitions = 0;

beforeAll(async () => {
  fresh = await freshDatabase();
  await createPartner(fresh.database.em(), { slug: "acme", name: "Acme" }, new Date(clock.now()).toISOString());
  const addresses = { widget: "https://widget.test", gateway: "https://gateway.test" };
  const metrics = { activeLinkRaces: { inc: () => {} } };
  store = createUserStore({
    database: fresh.database,
    lock: NO_LOCK,
    clock: clock.now,
    newId,
    identityHash,
    addresses,
    metrics,
  });
});

afterAll(() => fresh.drop());

const NO_LOCK = {
  take: async () => new Map(),
  replaceStale: async () => new Map(),
  removeExpiry: async () => {},
  restoreExpiry: async () => {},
  free: async () => {},
};

interface Sent {
  readonly decision: StoredDecision;
  readonly outgoing: readonly OutgoingMessage[];
}

interface StoredUser {
  readonly tell: CommandWriter<Promise<Sent>>;
  /** What its whole history tells. */
  record(): UserRecord;
}

/** A user in the database; each command is a batch of its own, and nothing is remembered between two. */
async function storedUser(referenceId: string): Promise<StoredUser> {
  partitions += 1;
  const partition = partitions;
  await beginProgress(fresh.database.em(), { topic: TOPIC, partition, clusterId: CLUSTER, nextOffset: 0n });
  let record = UNKNOWN_USER;
  let offset = 0n;
  const send = async (command: Command): Promise<Sent> => {
    const message = { kind: "command", offset, traceparent: null, poison: null } as const;
    const messages = [{ ...message, command: { ...command, replyTo: "gateway-1" } }];
    const result = await store.change({ topic: TOPIC, partition, messages }, CLUSTER);
    if (result.kind !== "committed") throw new Error(`the batch was not committed: ${result.kind}`);
    offset += 1n;
    record = replay(await historyOf(referenceId));
    await expectStored(command, record);
    const [decided] = result.decisions;
    if (decided === undefined) throw new Error("the command was not decided");
    return { decision: decided.decision, outgoing: result.outgoing };
  };
  const now = () => new Date(clock.now()).toISOString();
  const stage = { send, record: () => record, clock: { now }, policy: () => "basic@1", referenceId };
  return { tell: commandWriter(stage), record: stage.record };
}

/** P5: what the store loads for a command is what the history says of the same things. */
async function expectStored(command: Command, told: UserRecord): Promise<void> {
  const stored = (await workingSet(fresh.database.em(), [command])).of(command).current;
  expect(stored.user).toEqual(told.user);
  expect(told.links).toEqual(expect.arrayContaining([...stored.links]));
  expect(told.operations).toEqual(expect.arrayContaining([...stored.operations]));
}

async function historyOf(referenceId: string): Promise<readonly UserEvent[]> {
  const sql = `select h.* from user_history h join users using (user_id) where users.reference_id = $1 order by sequence`;
  const rows = await runSql<Record<string, unknown> & { at: Date }>(fresh.database.em(), sql, [referenceId]);
  return rows.map((row) => ({
    ...({ type: row["type"], data: row["data"], private: row["private"] } as Happening),
    eventId: row["event_id"] as string,
    address: { partner: "acme", environment: "test", referenceId },
    userId: row["user_id"] as string,
    sequence: row["sequence"] as number,
    userVersion: row["user_version"] as number,
    at: new Date(row.at).toISOString(),
    commandId: row["command_id"] as string,
    actor: row["actor"] as UserEvent["actor"],
  }));
}

/** A verified user with a confirmed transfer. */
async function confirmed(referenceId: string): Promise<StoredUser> {
  const user = await storedUser(referenceId);
  await user.tell.create({ userData: { ...BASIC_DATA, paymentMethod: BANK_ACCOUNT } });
  await user.tell.open();
  await user.tell.submitCip();
  await user.tell.cipResult();
  await user.tell.confirm();
  return user;
}

const statusesOf = (things: readonly { readonly status: string }[]) => things.map(({ status }) => status);

describe("what is decided on a stored user", () => {
  test("J5 a cancel leaves once as a request, and finds the transfer again when it has ended", async () => {
    const { tell, record } = await confirmed("cancelled");
    const asked = await tell.cancelOperation();
    expect(asked.decision.answer).toMatchObject({ kind: "operation_cancel_requested" });
    const { operationId } = record().operations[0] ?? { operationId: "" };
    expect(asked.outgoing.map(({ topic, value }) => [topic, (value as { action?: string }).action])).toEqual([
      ["userEvents", undefined],
      ["operationRequests", "cancel"],
    ]);
    expect((await tell.cancelOperation()).outgoing).toEqual([]);
    await tell.updateOperation({ operationId, status: "cancelled" });
    expect((await tell.cancelOperation()).decision.answer).toMatchObject({
      kind: "operation_cancelled",
      operation: { operationId, status: "cancelled" },
    });
    await tell.confirm();
    await tell.updateOperation({ status: "completed" });
    expect((await tell.cancelOperation()).decision.refusal).toMatchObject({
      code: "OPERATION_NOT_CANCELLABLE",
      facts: { status: "completed" },
    });
    expect(statusesOf(record().operations)).toEqual(["cancelled", "completed"]);
  });

  test("J6 an operator's resolution is stored with its link, and a contradiction is settled", async () => {
    const { tell, record } = await confirmed("resolved");
    await tell.resolve({ status: "failed" });
    await tell.updateOperation({ status: "completed" });
    expect(record().operations).toMatchObject([{ status: "failed", isHeldForReview: true }]);
    await tell.resolve({ status: "failed" });
    expect(record().operations).toMatchObject([{ status: "failed", isHeldForReview: false }]);
    expect(statusesOf(record().links)).toEqual(["in_progress"]);
  });

  test("E2 C12 a forced revocation makes room for the next link, which is regenerated from it", async () => {
    const { tell, record } = await confirmed("regenerated");
    expect((await tell.revoke({ force: true })).decision.refusal?.code).toBe("LINK_NOT_REVOCABLE");
    await tell.updateOperation({ status: "failed" });
    await tell.revoke({ force: true });
    await tell.regenerate();
    await tell.regenerate();
    expect(statusesOf(record().links)).toEqual(["revoked", "revoked", "created"]);
    const [first] = record().links;
    await tell.revoke();
    await tell.regenerate({ linkId: first?.linkId ?? "" });
    expect(record().links.at(-1)).toMatchObject({ status: "created", replaces: first?.linkId });
  });

  test("A4 A11 D12 words said, corrected and taken back are what the database has", async () => {
    const { tell, record } = await storedUser("corrected");
    expect((await tell.update(BASIC_DATA)).decision.refusal?.code).toBe("RESOURCE_NOT_FOUND");
    await tell.create({ userData: { dob: "1990-05-15" } });
    await tell.update({ dob: "1990-05-16", idType: "CURP" });
    await tell.correct({ dob: "1990-05-17" });
    await tell.remove("dob");
    expect(record().user?.values).toEqual({ dob: { operator: "1990-05-17" }, idType: { partner_api: "CURP" } });
    await tell.remove("dob", "operator");
    expect(record().user?.assertions).not.toHaveProperty("dob");
    const sql = "select winners from users where reference_id = $1";
    expect(await runSql(fresh.database.em(), sql, ["corrected"])).toEqual([{ winners: { idType: "partner_api" } }]);
  });
});
