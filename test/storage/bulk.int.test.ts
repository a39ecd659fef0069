import { expect, test } from "vitest";
import { UserEntity } from "../../storage/entities/user.ts";
import { fromUser } from "../../storage/mapping/user.ts";
import { inPipelinedTransaction, runSql } from "../../storage/sql.ts";
import { createBulkWriter, type RowChange, runWrites, StaleWriteError } from "../../storage/user-store/bulk.ts";
import { useDatabase } from "../support/database.ts";
import { storeUser } from "./rows.ts";

const { em } = useDatabase();
const bulk = createBulkWriter();
const BESIDE = { winners: {}, lastConfirmed: {}, identityHash: null };

async function aRow() {
  return { ...fromUser((await storeUser(em())).user, BESIDE) };
}

function update(changes: readonly RowChange[]) {
  return inPipelinedTransaction(em(), ({ runAndCommit }) =>
    runWrites(runAndCommit, bulk.update(em(), UserEntity, changes)),
  );
}

const stored = (userId: unknown) =>
  runSql<Record<string, unknown>>(em(), "select version, state, flags, identity_hash from users where user_id = $1", [
    userId,
  ]);

test("of rows that are updated together, only what one of them changed is written", async () => {
  const [one, other] = [await aRow(), await aRow()];
  await runSql(em(), "update users set identity_hash = 'kept' where user_id = any($1)", [[one.user_id, other.user_id]]);
  const versionOf = ({ version }: typeof one) => version + 1;
  await update([
    { before: one, after: { ...one, version: versionOf(one), state: "cip_pending" } },
    { before: other, after: { ...other, version: versionOf(other), flags: ["fraud_review"] } },
  ]);
  expect(await stored(one.user_id)).toEqual([
    { version: versionOf(one), state: "cip_pending", flags: one.flags, identity_hash: "kept" },
  ]);
  expect(await stored(other.user_id)).toEqual([
    { version: versionOf(other), state: other.state, flags: ["fraud_review"], identity_hash: "kept" },
  ]);
});

test("rows that are as they were need no statement", async () => {
  const one = await aRow();
  expect(bulk.update(em(), UserEntity, [{ before: one, after: { ...one } }])).toEqual([]);
});

test("what is not known of before counts as changed", async () => {
  const one = await aRow();
  const [write] = bulk.update(em(), UserEntity, [{ before: { ...one, identity_hash: undefined }, after: one }]);
  expect(write?.sql).toContain('set "identity_hash" = given."identity_hash" from');
});

test("a user that another writer changed meanwhile ends the transaction, and nothing of it stays", async () => {
  const [one, other] = [await aRow(), await aRow()];
  await runSql(em(), "update users set version = version + 1 where user_id = $1", [other.user_id]);
  const pending = (row: typeof one) => ({ before: row, after: { ...row, state: "cip_pending" } });
  await expect(update([pending(one), pending(other)])).rejects.toThrow(StaleWriteError);
  expect(await stored(one.user_id)).toEqual([expect.objectContaining({ state: one.state })]);
});
