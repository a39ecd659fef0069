import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Command } from "../../domain/commands.ts";
import type { Happening, UserEvent } from "../../domain/events.ts";
import { replay, UNKNOWN_USER } from "../../domain/evolve.ts";
import { addressKey } from "../../domain/user/address-key.ts";
import type { Environment } from "../../domain/user/user.ts";
import { manualClock } from "../../runtime/clock.ts";
import { newId } from "../../runtime/ids.ts";
import type { ActiveLinkLock } from "../../storage/active-link-lock.ts";
import { createPartner } from "../../storage/configuration/partners.ts";
import { createIdentityHash } from "../../storage/identity-hash.ts";
import { runSql } from "../../storage/sql.ts";
import type { BatchMessage, BatchResult } from "../../storage/user-store/batch.ts";
import { readOutbox } from "../../storage/user-store/outbox.ts";
import { beginProgress, movePublishedThrough, readProgress } from "../../storage/user-store/progress.ts";
import { createUserStore, type UserStore } from "../../storage/user-store.ts";
import { createLinkCommand } from "../support/commands.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { UNREACHABLE_LOCK } from "../support/unreachable-lock.ts";
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
  store = storeWith(UNREACHABLE_LOCK);
});

afterAll(() => fresh.drop());

function storeWith(lock: ActiveLinkLock): UserStore {
  const addresses = { widget: "https://widget.test", gateway: "https://gateway.test" };
  const metrics = { activeLinkRaces: { inc: () => {} } };
  return createUserStore({ database: fresh.database, lock, clock: clock.now, newId, identityHash, addresses, metrics });
}

/** A partition of the test's own, admitted from offset 0. */
async function newPartition(): Promise<number> {
  partitions += 1;
  await beginProgress(fresh.database.em(), { topic: TOPIC, partition: partitions, clusterId: CLUSTER, nextOffset: 0n });
  return partitions;
}

let commands = 0;
function create(referenceId: string, parts: Partial<Parameters<typeof createLinkCommand>[0]> = {}): Command {
  commands += 1;
  return createLinkCommand({ partner: "acme", referenceId, commandId: `cmd_acme_${commands}`, ...parts });
}

function messagesFrom(offset: number, list: readonly Command[]): readonly BatchMessage[] {
  return list.map((command, index) => ({
    kind: "command",
    offset: BigInt(offset + index),
    command: { ...command, replyTo: "gateway-1" },
    traceparent: null,
    poison: null,
  }));
}

function change(partition: number, messages: readonly BatchMessage[], by: UserStore = store): Promise<BatchResult> {
  return by.change({ topic: TOPIC, partition, messages }, CLUSTER);
}

function committed(result: BatchResult) {
  if (result.kind !== "committed") throw new Error(`the batch was not committed: ${result.kind}`);
  return result;
}

async function countOf(table: string, referenceId: string): Promise<number> {
  const sql = `select count(*)::int as count from ${table} where reference_id = $1`;
  return (await runSql<{ count: number }>(fresh.database.em(), sql, [referenceId]))[0]?.count ?? -1;
}

describe("a batch", () => {
  test("is one commit: state, history, decisions, outbox and the next offset", async () => {
    const partition = await newPartition();
    const result = committed(await change(partition, messagesFrom(0, [create("one_commit"), create("one_commit")])));
    expect(result.nextOffset).toBe(2n);
    expect(result.decisions.map(({ decision }) => decision.outcome)).toEqual(["applied", "refused"]);
    expect(await countOf("links", "one_commit")).toBe(1);
    expect(await countOf("decisions", "one_commit")).toBe(2);
    expect(await countOf("refusals", "one_commit")).toBe(1);
    expect((await readProgress(fresh.database.em(), TOPIC, partition))?.nextOffset).toBe(2n);
    const behind = await readOutbox(fresh.database.em(), { partition, outboxId: 0n, limit: 10 });
    expect(behind).toEqual(result.outgoing);
    expect(behind.map(({ headers }) => headers["type"])).toEqual(["user.created", "link.created"]);
  });

  test("P5 replaying the stored history, private values included, gives the stored user", async () => {
    const partition = await newPartition();
    const values = { "name.firstName": 'Zoë \\ "quoted" ? $1', idNumber: "GALO900515" } as const;
    await change(partition, messagesFrom(0, [create("replayed", { values })]));
    clock.advance(61 * 60_000);
    await change(partition, messagesFrom(1, [create("replayed", { values: { "name.firstName": "Zoe" } })]));
    const address = { partner: "acme", environment: "test", referenceId: "replayed" } as const;
    const stored = (await workingSet(fresh.database.em(), [create("replayed")])).of(address).current;
    const rebuilt = replay(await historyOf("replayed"));
    expect(rebuilt.user).toEqual(stored.user);
    expect(rebuilt.links.at(-1)).toEqual(stored.links[0]);
  });

  test("a command that was decided before changes nothing and gets its decision again", async () => {
    const partition = await newPartition();
    const command = create("repeated");
    const first = committed(await change(partition, messagesFrom(0, [command])));
    const again = committed(await change(partition, messagesFrom(1, [command, command])));
    expect(again.decisions.map(({ decision }) => decision)).toEqual(Array(2).fill(first.decisions[0]?.decision));
    expect(again.outgoing).toEqual([]);
    expect(await countOf("links", "repeated")).toBe(1);
  });

  test("messages below the next offset were applied and are skipped", async () => {
    const partition = await newPartition();
    const messages = messagesFrom(0, [create("skipped"), create("skipped_2")]);
    await change(partition, messages);
    const again = committed(await change(partition, messages));
    expect(again).toMatchObject({ nextOffset: 2n, decisions: [], outgoing: [] });
  });

  test("a batch above the next offset is a gap and is never applied", async () => {
    const partition = await newPartition();
    const result = await change(partition, messagesFrom(3, [create("after_gap")]));
    expect(result).toEqual({ kind: "gap", nextOffset: 0n });
    expect(await countOf("users", "after_gap")).toBe(0);
  });

  test("a partition of another Kafka cluster, or one never admitted, is not touched", async () => {
    const partition = await newPartition();
    const messages = messagesFrom(0, [create("not_admitted")]);
    const elsewhere = await store.change({ topic: TOPIC, partition, messages }, "cluster-2");
    expect(elsewhere).toEqual({ kind: "not_admitted" });
    expect(await change(999, messages)).toEqual({ kind: "not_admitted" });
    expect(await countOf("users", "not_admitted")).toBe(0);
  });

  test("a second owner of a partition is fenced: both apply the same messages, they count once", async () => {
    const partition = await newPartition();
    const batches = Array.from({ length: 5 }, (_, index) =>
      messagesFrom(index * 2, [create("fenced", { onActive: "replace" }), create("fenced", { onActive: "replace" })]),
    );
    const work = async (owner: UserStore) => {
      for (const messages of batches) committed(await change(partition, messages, owner));
    };
    await Promise.all([work(store), work(storeWith(UNREACHABLE_LOCK)), work(storeWith(UNREACHABLE_LOCK))]);
    expect(await countOf("links", "fenced")).toBe(10);
    expect((await historyOf("fenced")).map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: (await historyOf("fenced")).length }, (_, index) => index + 1),
    );
  });

  test("S11 C5 an expired link leaves the index before the next one enters it", async () => {
    const partition = await newPartition();
    await change(partition, messagesFrom(0, [create("expiring")]));
    clock.advance(60 * 60_000);
    const result = committed(await change(partition, messagesFrom(1, [create("expiring")])));
    expect(result.outgoing.map(({ headers }) => headers["type"])).toEqual(["link.expired", "link.created"]);
    expect(await countOf("links", "expiring")).toBe(2);
  });

  test("a failing command rolls the whole batch back, so that it can be split", async () => {
    const partition = await newPartition();
    const broken = create("rolled_back_2", { paths: ["dob"] });
    const whole = change(partition, messagesFrom(0, [create("rolled_back"), broken]));
    await expect(whole).rejects.toThrow("command names dob without its value");
    expect(await countOf("users", "rolled_back")).toBe(0);
    expect((await readProgress(fresh.database.em(), TOPIC, partition))?.nextOffset).toBe(0n);
  });

  test("A5 an equal word of the same source: no new version, no event, only the time of it", async () => {
    const partition = await newPartition();
    const values = { "name.firstName": "Juan" } as const;
    await change(partition, messagesFrom(0, [create("confirmed", { values })]));
    const again = create("confirmed", { values: { "name.firstName": "  Juan " }, onActive: "replace" });
    const result = committed(await change(partition, messagesFrom(1, [again])));
    expect(result.outgoing.map(({ headers }) => headers["type"])).toEqual(["link.revoked", "link.created"]);
    const rows = await runSql(fresh.database.em(), "select last_confirmed from users where reference_id = $1", [
      "confirmed",
    ]);
    expect(rows).toEqual([{ last_confirmed: { "name.firstName": { partner_api: expect.any(String) } } }]);
  });
});

describe("the outbox", () => {
  test("published_through only moves forward", async () => {
    const partition = await newPartition();
    const em = fresh.database.em();
    await movePublishedThrough(em, TOPIC, new Map([[partition, 7n]]));
    await movePublishedThrough(em, TOPIC, new Map([[partition, 3n]]));
    expect((await readProgress(em, TOPIC, partition))?.publishedThrough).toBe(7n);
  });
});

test("an unknown address is a user nobody has heard of", async () => {
  const users = await workingSet(fresh.database.em(), [create("never_seen")]);
  const [user] = users.all();
  expect(user?.current).toEqual(UNKNOWN_USER);
  expect(addressKey(user?.address ?? { partner: "", environment: "test", referenceId: "" })).toBe(
    "acme/test/never_seen",
  );
});

async function historyOf(referenceId: string): Promise<readonly UserEvent[]> {
  const sql = `select user_history.*, partner, environment,
      json_build_object('type', type, 'actor', actor, 'data', data, 'private', private) as event from user_history join users using (user_id)
    where reference_id = $1 order by sequence`;
  const rows = await runSql<HistoryRow>(fresh.database.em(), sql, [referenceId]);
  return rows.map((row) => ({
    ...row.event,
    eventId: row.event_id,
    at: new Date(row.at).toISOString(),
    address: { partner: row.partner, environment: row.environment, referenceId },
    userId: row.user_id,
    sequence: row.sequence,
    userVersion: row.user_version,
    commandId: row.command_id,
  }));
}

interface HistoryRow {
  readonly event: Happening & Pick<UserEvent, "actor">;
  readonly event_id: string;
  readonly at: string;
  readonly partner: string;
  readonly environment: Environment;
  readonly user_id: string;
  readonly sequence: number;
  readonly user_version: number;
  readonly command_id: string;
}
