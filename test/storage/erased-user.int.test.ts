import { afterAll, beforeAll, expect, test } from "vitest";
import type { Command } from "../../domain/commands.ts";
import type { UserAddress } from "../../domain/user/user.ts";
import { createReads } from "../../gateway/reads.ts";
import { manualClock } from "../../runtime/clock.ts";
import { newId } from "../../runtime/ids.ts";
import { createPartner } from "../../storage/configuration/partners.ts";
import { createIdentityHash } from "../../storage/identity-hash.ts";
import { runSql } from "../../storage/sql.ts";
import { beginProgress } from "../../storage/user-store/progress.ts";
import { createUserStore } from "../../storage/user-store.ts";
import { createLinkCommand } from "../support/commands.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { UNREACHABLE_LOCK } from "../support/unreachable-lock.ts";
import { workingSet } from "./working-set.ts";

const TOPIC = "user-commands";
const CLUSTER = "cluster-1";
const ADDRESS: UserAddress = { partner: "acme", environment: "test", referenceId: "erased-1" };
const PERSON = {
  "name.firstName": "Ana",
  "name.lastName": "Torres",
  idNumber: "GALO900515",
  dob: "1990-05-15",
} as const;
const clock = manualClock(Date.parse("2026-03-01T10:00:00.000Z"));

let fresh: FreshDatabase;
let offset = 0n;

beforeAll(async () => {
  fresh = await freshDatabase();
  const em = fresh.database.em();
  await createPartner(em, { slug: "acme", name: "Acme" }, new Date(clock.now()).toISOString());
  await beginProgress(em, { topic: TOPIC, partition: 0, clusterId: CLUSTER, nextOffset: 0n });
});
afterAll(() => fresh.drop());

const em = () => fresh.database.em();

async function apply(command: Command): Promise<void> {
  const store = createUserStore({
    ...{ database: fresh.database, lock: UNREACHABLE_LOCK, clock: clock.now, newId },
    identityHash: createIdentityHash("a secret of this test"),
    addresses: { widget: "https://widget.test", gateway: "https://gateway.test" },
    metrics: { activeLinkRaces: { inc: () => {} } },
  });
  const messages = [{ kind: "command", offset, command, traceparent: null, poison: null } as const];
  const result = await store.change({ topic: TOPIC, partition: 0, messages }, CLUSTER);
  expect(result).toMatchObject({ kind: "committed", decisions: [] });
  offset += 1n;
}

const create = (number: number, values: object = {}) =>
  createLinkCommand({ ...ADDRESS, commandId: `cmd_acme_${number}`, values });

async function record(command: Command) {
  return (await workingSet(fresh.database.em(), [command])).of(ADDRESS).current;
}

/** What erasure leaves behind (I5, I6): the referenceId is only a keyed hash, and nobody is found by who he was. */
async function erase(): Promise<void> {
  for (const table of ["users", "links", "data_requests", "cip_attempts", "operations", "held_results"]) {
    await runSql(em(), `update ${table} set reference_id = 'hash-of-erased-1' where reference_id = $1`, [
      ADDRESS.referenceId,
    ]);
  }
  await runSql(em(), "update users set identity_hash = null where reference_id = 'hash-of-erased-1'", []);
}

test("B12 an erased user who comes back is a new generation, which inherits nothing", async () => {
  await apply(create(1, PERSON));
  const before = await record(create(1));
  expect(before.user?.state).toBe("data_incomplete");
  await erase();
  expect(await createReads(em).findUser(ADDRESS, new Date(clock.now()).toISOString())).toBeNull();
  expect((await record(create(2))).user).toBeNull();

  await apply(create(2));
  const { user, links, dataRequests, attempts, heldResults } = await record(create(2));
  expect(user?.userId).not.toBe(before.user?.userId);
  expect(user).toMatchObject({ version: 1, state: "pending", values: {}, assertions: {} });
  expect([links.length, dataRequests, attempts, heldResults]).toEqual([1, [], [], []]);
  expect(links[0]?.linkId).not.toBe(before.links[0]?.linkId);
  const sql = "select count(*)::int as count, min(sequence) as first from user_history where user_id = $1";
  expect(await runSql(em(), sql, [user?.userId])).toEqual([{ count: 2, first: 1 }]);
  const [old] = await runSql<{ version: number }>(em(), "select version from users where user_id = $1", [
    before.user?.userId,
  ]);
  expect(old?.version).toBe(before.user?.version);
});
