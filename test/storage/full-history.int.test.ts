import { afterAll, beforeAll, expect, test } from "vitest";
import { replay } from "../../domain/evolve.ts";
import { explain } from "../../domain/explain/explain.ts";
import { manualClock } from "../../runtime/clock.ts";
import { newId } from "../../runtime/ids.ts";
import { readFullHistory } from "../../storage/queries/full-history.ts";
import { beginProgress, readProgress } from "../../storage/user-store/progress.ts";
import { addPartner, postgresStore } from "../contracts/postgres-store.ts";
import { historyInPostgres, recordInPostgres } from "../contracts/postgres-users.ts";
import { CLUSTER, stagedUser, TOPIC, type UserStage } from "../contracts/store-stage.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { partnerSnapshot } from "../support/domain.ts";
import { BANK_ACCOUNT, BASIC_DATA } from "../support/domain-commands.ts";

const clock = manualClock(Date.parse("2026-03-01T10:00:00.000Z"));
const ADDRESS = { partner: "acme", environment: "test", referenceId: "Ünlikely/id 1" } as const;

let fresh: FreshDatabase;
let stage: UserStage;

beforeAll(async () => {
  fresh = await freshDatabase();
  const { em } = fresh.database;
  await addPartner(fresh.database, "acme");
  stage = {
    clock,
    store: postgresStore(fresh.database, clock.now, newId),
    newPartition: async () => {
      await beginProgress(em(), { topic: TOPIC, partition: 1, clusterId: CLUSTER, nextOffset: 0n });
      return 1;
    },
    progressOf: (partition) => readProgress(em(), TOPIC, partition),
    recordOf: (address) => recordInPostgres(em(), address),
    historyOf: (address) => historyInPostgres(em(), address),
  };
});
afterAll(() => fresh.drop());

test("P5 a user's whole history comes back in order, tells the stored user, and can be explained at every event", async () => {
  const referenceId = "user-with-a-history";
  const user = await stagedUser(stage, referenceId);
  const { writes, apply } = user;
  await apply(writes.create({ userData: { ...BASIC_DATA, paymentMethod: BANK_ACCOUNT } }));
  await apply(writes.open());
  await apply(writes.submitCip());
  await apply(writes.cipResult());
  await apply(writes.update({ name: { firstName: "Juana" } }));
  const history = (await readFullHistory(fresh.database.em(), { ...ADDRESS, referenceId })) ?? [];
  expect(history.map(({ sequence }) => sequence)).toEqual(history.map((_, index) => index + 1));
  expect(replay(history).user).toEqual(user.record().user);
  const given = { history, partner: partnerSnapshot(), now: new Date(clock.now()).toISOString() };
  for (const { sequence } of history) expect(explain({ ...given, sequence })?.sequence).toBe(sequence);
});

test("of somebody who is unknown, or another partner's or environment's, there is none", async () => {
  const em = fresh.database.em();
  const referenceId = "user-with-a-history";
  expect(await readFullHistory(em, ADDRESS)).toBeNull();
  expect(await readFullHistory(em, { ...ADDRESS, referenceId, partner: "other" })).toBeNull();
  expect(await readFullHistory(em, { ...ADDRESS, referenceId, environment: "live" })).toBeNull();
});
