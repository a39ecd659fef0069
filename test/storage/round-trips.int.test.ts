import { afterAll, beforeAll, expect, test } from "vitest";
import type { Command } from "../../domain/commands.ts";
import { systemClock } from "../../runtime/clock.ts";
import { newId } from "../../runtime/ids.ts";
import { createPartner } from "../../storage/configuration/partners.ts";
import { createDatabase, type Database } from "../../storage/orm.ts";
import { beginProgress } from "../../storage/user-store/progress.ts";
import { postgresStore } from "../contracts/postgres-store.ts";
import { CLUSTER, messagesFrom, TOPIC } from "../contracts/store-stage.ts";
import { createLinkCommand } from "../support/commands.ts";
import { useDatabase } from "../support/database.ts";
import { silentLog } from "../support/kafka.ts";
import { type Network, openNetwork } from "./network.ts";

const { em, url } = useDatabase();
let network: Network;
let database: Database;

beforeAll(async () => {
  await createPartner(em(), { slug: "acme", name: "Acme" }, new Date(systemClock()).toISOString());
  network = await openNetwork(Number(new URL(url()).port));
  const detour = new URL(url());
  detour.port = String(network.port);
  const limits = { lockTimeoutMs: 2_000, idleInTransactionTimeoutMs: 4_000, statementTimeoutMs: 5_000 };
  const named = { applicationName: "round trips", log: silentLog, poolSize: 1 };
  database = await createDatabase({ url: detour.href, ...named, ...limits });
  await database.check();
  network.delay(30);
});
afterAll(async () => {
  await database.close();
  await network.close();
});

/** How many round trips to Postgres the store waits for to apply these commands as one batch. */
async function roundTripsFor(partition: number, offset: bigint, commands: readonly Command[]): Promise<number> {
  await beginProgress(em(), { topic: TOPIC, partition, clusterId: CLUSTER, nextOffset: 0n });
  const before = network.roundTrips();
  const messages = messagesFrom(offset, commands);
  const store = postgresStore(database, systemClock, newId);
  expect(await store.change({ topic: TOPIC, partition, messages }, CLUSTER)).toMatchObject({ kind: "committed" });
  return network.roundTrips() - before;
}

const creates = (name: string, times: number): readonly Command[] =>
  Array.from({ length: times }, (_, index) =>
    createLinkCommand({
      partner: "acme",
      referenceId: `user_${index}`,
      commandId: `cmd_acme_${name}_${index}`,
      onActive: "replace",
    }),
  );

test("a batch takes two round trips, and one more when its users are known, whatever its size", async () => {
  expect(await roundTripsFor(1, 0n, creates("first", 1))).toBe(2);
  expect(await roundTripsFor(1, 1n, creates("second", 1))).toBe(3);
  expect(await roundTripsFor(2, 0n, creates("many", 100))).toBe(3);
});
