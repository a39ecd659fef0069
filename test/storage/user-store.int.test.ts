import { afterAll, beforeAll, expect, test } from "vitest";
import type { Command } from "../../domain/commands.ts";
import { UNKNOWN_USER } from "../../domain/evolve.ts";
import { addressKey } from "../../domain/user/address-key.ts";
import { manualClock } from "../../runtime/clock.ts";
import { newId } from "../../runtime/ids.ts";
import type { ActiveLinkLock } from "../../storage/active-link-lock.ts";
import { createPartner } from "../../storage/configuration/partners.ts";
import { createIdentityHash } from "../../storage/identity-hash.ts";
import { runSql } from "../../storage/sql.ts";
import type { BatchMessage, BatchResult } from "../../storage/user-store/batch.ts";
import { beginProgress } from "../../storage/user-store/progress.ts";
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

/** What every store does is in test/contracts/store.ts; here is what only Postgres can show. */
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

test("an unknown address is a user nobody has heard of", async () => {
  const users = await workingSet(fresh.database.em(), [create("never_seen")]);
  const [user] = users.all();
  expect(user?.current).toEqual(UNKNOWN_USER);
  expect(addressKey(user?.address ?? { partner: "", environment: "test", referenceId: "" })).toBe(
    "acme/test/never_seen",
  );
});
