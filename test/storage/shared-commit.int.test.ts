import { beforeAll, expect, test } from "vitest";
import type { Command } from "../../domain/commands.ts";
import { systemClock } from "../../runtime/clock.ts";
import { newId } from "../../runtime/ids.ts";
import { createPartner } from "../../storage/configuration/partners.ts";
import { runSql } from "../../storage/sql.ts";
import type { CommandBatch } from "../../storage/user-store/batch.ts";
import { readOutbox } from "../../storage/user-store/outbox.ts";
import { beginProgress, lockStatement, readProgress } from "../../storage/user-store/progress.ts";
import { postgresStore } from "../contracts/postgres-store.ts";
import { CLUSTER, messagesFrom, TOPIC } from "../contracts/store-stage.ts";
import { createLinkCommand } from "../support/commands.ts";
import { useDatabase } from "../support/database.ts";

const { em, database } = useDatabase();

beforeAll(() => createPartner(em(), { slug: "acme", name: "Acme" }, new Date(systemClock()).toISOString()));

let partitions = 0;
let commands = 0;

async function newPartition(): Promise<number> {
  partitions += 1;
  await beginProgress(em(), { topic: TOPIC, partition: partitions, clusterId: CLUSTER, nextOffset: 0n });
  return partitions;
}

function create(referenceId: string, parts: Partial<Parameters<typeof createLinkCommand>[0]> = {}): Command {
  commands += 1;
  return createLinkCommand({ partner: "acme", referenceId, commandId: `cmd_acme_${commands}`, ...parts });
}

const batchOf = (partition: number, offset: number, ...list: readonly Command[]): CommandBatch => ({
  topic: TOPIC,
  partition,
  messages: messagesFrom(BigInt(offset), list),
});

const changeTogether = (...batches: readonly CommandBatch[]) =>
  postgresStore(database(), systemClock, newId).changeTogether(batches, CLUSTER);

async function usersOf(...referenceIds: readonly string[]): Promise<number> {
  const sql = "select count(*)::int as count from users where reference_id = any($1)";
  return (await runSql<{ count: number }>(em(), sql, [referenceIds]))[0]?.count ?? -1;
}

const nextOffsetOf = async (partition: number) => (await readProgress(em(), TOPIC, partition))?.nextOffset;

test("P11 batches of several partitions share one commit; each has its own results, offsets and outbox", async () => {
  const [first, second] = [await newPartition(), await newPartition()];
  const results = await changeTogether(
    batchOf(second, 0, create("b1"), create("b2")),
    batchOf(first, 0, create("a1"), create("a1")),
  );
  expect(results).toMatchObject([
    { kind: "committed", nextOffset: 2n, decisions: [{ decision: { outcome: "applied" } }, {}] },
    { kind: "committed", nextOffset: 2n, decisions: [{}, { decision: { outcome: "refused" } }] },
  ]);
  expect([await nextOffsetOf(first), await nextOffsetOf(second)]).toEqual([2n, 2n]);
  for (const [index, partition] of [second, first].entries()) {
    const outgoing = await readOutbox(em(), { partition, outboxId: 0n, limit: 100 });
    expect(outgoing).toEqual(results[index]?.kind === "committed" ? results[index].outgoing : []);
  }
  const commits = "select count(distinct xmin::text)::int as count from users where reference_id = any($1)";
  expect(await runSql(em(), commits, [["a1", "b1", "b2"]])).toEqual([{ count: 1 }]);
});

test("a failing command undoes the batches of all partitions, so that each can be applied on its own", async () => {
  const [first, second] = [await newPartition(), await newPartition()];
  const broken = create("undone_2", { paths: ["dob"] });
  const whole = changeTogether(batchOf(first, 0, create("undone_1")), batchOf(second, 0, broken));
  await expect(whole).rejects.toThrow("command names dob without its value");
  expect(await usersOf("undone_1", "undone_2")).toBe(0);
  expect([await nextOffsetOf(first), await nextOffsetOf(second)]).toEqual([0n, 0n]);
});

test("P11 a fence that somebody else holds holds up its own partition and no other", async () => {
  const [held, free] = [await newPartition(), await newPartition()];
  await em().transactional(async (other) => {
    const { sql, parameters } = lockStatement([{ topic: TOPIC, partition: held }], "wait");
    await runSql(other, sql, parameters);
    const results = await changeTogether(batchOf(held, 0, create("held")), batchOf(free, 0, create("free")));
    expect(results).toMatchObject([{ kind: "fenced" }, { kind: "committed", nextOffset: 1n }]);
  });
  expect([await usersOf("held"), await usersOf("free")]).toEqual([0, 1]);
  expect([await nextOffsetOf(held), await nextOffsetOf(free)]).toEqual([0n, 1n]);
});

test("a gap, what was applied before and another cluster's partition change nothing and nobody else", async () => {
  const [gap, done, open] = [await newPartition(), await newPartition(), await newPartition()];
  await changeTogether(batchOf(done, 0, create("done")), batchOf(open, 0, create("open")));
  partitions += 1;
  const foreign = partitions;
  await beginProgress(em(), { topic: TOPIC, partition: foreign, clusterId: "cluster-2", nextOffset: 0n });
  const results = await changeTogether(
    batchOf(gap, 5, create("gap")),
    batchOf(done, 0, create("done_again")),
    batchOf(foreign, 0, create("foreign")),
    batchOf(open, 0, create("open_skipped"), create("open_next")),
  );
  expect(results).toMatchObject([
    { kind: "gap", nextOffset: 0n },
    { kind: "committed", nextOffset: 1n, decisions: [], outgoing: [] },
    { kind: "not_admitted" },
    { kind: "committed", nextOffset: 2n, decisions: [{ decision: { outcome: "applied" } }] },
  ]);
  expect(await usersOf("gap", "done_again", "foreign", "open_skipped")).toBe(0);
  expect(await usersOf("open_next")).toBe(1);
});
