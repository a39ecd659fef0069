import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { replay } from "../../domain/evolve.ts";
import { manualClock } from "../../runtime/clock.ts";
import { newId } from "../../runtime/ids.ts";
import { findSuspectedDuplicates } from "../../storage/queries/duplicates.ts";
import { findReverificationsDue } from "../../storage/queries/reverifications-due.ts";
import { runSql } from "../../storage/sql.ts";
import { beginProgress, readProgress } from "../../storage/user-store/progress.ts";
import { addPartner, postgresStore } from "../contracts/postgres-store.ts";
import { historyInPostgres, recordInPostgres } from "../contracts/postgres-users.ts";
import { CLUSTER, type StagedUser, stagedUser, TOPIC, typesOf, type UserStage } from "../contracts/store-stage.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { BANK_ACCOUNT, BASIC_DATA } from "../support/domain-commands.ts";

const DAY_MS = 86_400_000;
const OTHER_PERSON = { idNumber: "XEXX010101", dob: "1980-01-01" };
const clock = manualClock(Date.parse("2026-03-01T10:00:00.000Z"));

let fresh: FreshDatabase;
let stage: UserStage;
let partitions = 0;

beforeAll(async () => {
  fresh = await freshDatabase();
  const { em } = fresh.database;
  await addPartner(fresh.database, "acme");
  stage = {
    clock,
    store: postgresStore(fresh.database, clock.now, newId),
    newPartition: async () => {
      partitions += 1;
      await beginProgress(em(), { topic: TOPIC, partition: partitions, clusterId: CLUSTER, nextOffset: 0n });
      return partitions;
    },
    progressOf: (partition) => readProgress(em(), TOPIC, partition),
    recordOf: (address) => recordInPostgres(em(), address),
    historyOf: (address) => historyInPostgres(em(), address),
  };
});

afterAll(() => fresh.drop());

async function verified(referenceId: string, userData: object = {}): Promise<StagedUser> {
  const user = await stagedUser(stage, referenceId);
  const { writes, apply } = user;
  await apply(writes.create({ userData: { ...BASIC_DATA, paymentMethod: BANK_ACCOUNT, ...userData } }));
  await apply(writes.open());
  await apply(writes.submitCip());
  await apply(writes.cipResult());
  return user;
}

async function expectRetold({ history, record }: StagedUser): Promise<void> {
  const { heldResults: _held, ...stored } = record();
  const { heldResults: _none, ...told } = replay(await history());
  expect(stored).toEqual(told);
}

const userIdOf = ({ record }: StagedUser) => record().user?.userId ?? "";
const at = (afterMs = 0) => new Date(clock.now() + afterMs).toISOString();
const dueAt = async (until: string) => {
  const due = await findReverificationsDue(fresh.database.em(), { until, limit: 100 });
  return due.map(({ id }) => id);
};

describe("what is stored of a verification", () => {
  test("P5 B5 another person: the new check, its request and the snapshot are in the same commit", async () => {
    const user = await verified("substituted");
    const { writes, apply, record } = user;
    const result = await apply(writes.update(OTHER_PERSON));
    expect(typesOf(result)).toEqual([
      "user.data_updated",
      "user.verification_changed",
      "user.state_changed",
      "user.cip_pending",
      "cipRequests",
    ]);
    expect(result.outgoing.at(-1)?.value).toMatchObject({ kind: "review", linkId: null, fields: OTHER_PERSON });
    expect(record().attempts.map(({ kind, status }) => [kind, status])).toEqual([
      ["automatic", "verified"],
      ["review", "open"],
    ]);
    expect(record().user?.verifiedValues).toMatchObject({ dob: BASIC_DATA.dob });
    await expectRetold(user);
    await apply(writes.review("approve"));
    expect(record().user).toMatchObject({ state: "cip_verified", verifiedValues: OTHER_PERSON });
    await expectRetold(user);
  });

  test("P5 A10 A13 B10 outputs, flags and flips are stored as the history tells them", async () => {
    const user = await stagedUser(stage, "flagged");
    const { writes, apply, record } = user;
    await apply(writes.create({ userData: BASIC_DATA }));
    await apply(writes.open());
    for (const dob of ["1991-01-01", "1992-01-01", "1993-01-01"]) await apply(writes.update({ dob }));
    for (const _attempt of [1, 2, 3]) {
      await apply(writes.submitCip());
      const { attemptId } = record().attempts.at(-1) ?? { attemptId: null };
      await apply(writes.cipResult({ outcome: "failed" }, { attemptId, outputs: { dob: "1980-01-01" } }));
    }
    expect(record().user?.flags.map(({ flag }) => flag)).toEqual(["unstable_identity", "needs_review"]);
    expect(record().user?.cip.verifiedOutputDifferences).toEqual([{ path: "dob", similarity: "different" }]);
    expect(record().attempts.at(-1)?.verifiedOutputs).toEqual({ dob: "1980-01-01" });
    await expectRetold(user);
    await apply(writes.review("allow_retry"));
    await apply(writes.submitCip());
    expect(record().user).toMatchObject({ state: "cip_pending", flags: [], cip: { extraAttempts: 1 } });
    await expectRetold(user);
  });

  test("B17 a ticket's attempt is stored and asked for", async () => {
    const user = await stagedUser(stage, "ticket");
    await user.apply(user.writes.create({ userData: BASIC_DATA }));
    const result = await user.apply(user.writes.issueTicket());
    expect(result.outgoing.at(-1)?.value).toMatchObject({ kind: "ticket" });
    await expectRetold(user);
  });
});

describe("what is due", () => {
  test("B5 G7 the end of the grace is found when it has come, and not any more once the writer has judged", async () => {
    const user = await verified("due");
    const { writes, apply } = user;
    await apply(writes.update({ dob: "1990-05-16" }));
    const userId = userIdOf(user);
    expect(await dueAt(at(13 * DAY_MS))).not.toContain(userId);
    expect(await dueAt(at(15 * DAY_MS))).toContain(userId);
    clock.advance(15 * DAY_MS);
    await apply(writes.reverificationDue());
    expect(user.record().user?.state).toBe("data_complete");
    expect(await dueAt(at())).not.toContain(userId);
  });

  test("B6 G7 the age counts for the partners that set one, and pages go on behind the last one", async () => {
    const users = [await verified("old_1"), await verified("old_2")];
    const ids = users.map(userIdOf).sort();
    expect(await dueAt(at(1_000 * DAY_MS))).not.toEqual(expect.arrayContaining(ids));
    await runSql(fresh.database.em(), "update partners set settings = $1::jsonb", ['{"cipValidForDays": 30}']);
    const until = at(31 * DAY_MS);
    const found = await findReverificationsDue(fresh.database.em(), { until, limit: 100 });
    expect(found.map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
    const [first] = found;
    const rest = await findReverificationsDue(fresh.database.em(), {
      ...{ until, limit: 100 },
      ...(first === undefined ? {} : { after: first }),
    });
    expect(rest).toEqual(found.slice(1));
    await runSql(fresh.database.em(), "update partners set settings = '{}'", []);
  });
});

describe("the same person under another referenceId", () => {
  test("B11 is suspected by idNumber and dob, in whatever form; nothing is blocked", async () => {
    const identity = { idNumber: "DUPL-900515", dob: "1990-05-15" };
    const first = await verified("first_of_two", identity);
    const second = await verified("second_of_two", { ...identity, idNumber: "dupl 900515" });
    const other = await verified("another_dob", { ...identity, dob: "1990-05-16" });
    const found = await findSuspectedDuplicates(fresh.database.em(), [first, second, other].map(userIdOf));
    expect([...found]).toEqual(
      expect.arrayContaining([
        [userIdOf(first), ["second_of_two"]],
        [userIdOf(second), ["first_of_two"]],
      ]),
    );
    expect(found.has(userIdOf(other))).toBe(false);
    expect(second.record().user?.state).toBe("cip_verified");
    expect(await findSuspectedDuplicates(fresh.database.em(), [])).toEqual(new Map());
  });

  test("B11 the hash is keyed, and nothing of the identity is in it", async () => {
    const sql = "select identity_hash from users where reference_id = $1";
    const [row] = await runSql<{ identity_hash: string }>(fresh.database.em(), sql, ["first_of_two"]);
    expect(row?.identity_hash).toMatch(/^[\w-]{43}$/);
  });
});
