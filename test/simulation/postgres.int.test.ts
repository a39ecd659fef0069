import { describe, expect, test } from "vitest";
import { replay } from "../../domain/evolve.ts";
import { addressKey } from "../../domain/user/address-key.ts";
import type { UserAddress } from "../../domain/user/user.ts";
import { manualClock } from "../../runtime/clock.ts";
import { type SavedPartner, snapshotOf } from "../../simulation/history/saved-history.ts";
import { createIdentifiers } from "../../simulation/identifiers.ts";
import { createMemoryStore } from "../../simulation/memory-store.ts";
import { simulate } from "../../simulation/simulate.ts";
import { CLUSTER_ID, COMMANDS } from "../../simulation/world.ts";
import type { Database } from "../../storage/orm.ts";
import { runSql } from "../../storage/sql.ts";
import type { BatchResult, CommandBatch } from "../../storage/user-store/batch.ts";
import { beginProgress } from "../../storage/user-store/progress.ts";
import { addPartner, postgresStore, STORE_ADDRESSES } from "../contracts/postgres-store.ts";
import { historyInPostgres, recordInPostgres } from "../contracts/postgres-users.ts";
import { useDatabase } from "../support/database.ts";

const SEED = 4;
const STEPS = 2_000;
const PARTITIONS = [0, 1, 2, 3];

/** What happened in a simulation, as another store can be told it. */
type Told =
  | { readonly kind: "partner"; readonly slug: string; readonly partner: SavedPartner }
  | { readonly kind: "batch"; readonly batch: CommandBatch; readonly nowMs: number };

describe("a simulated history, told to the store over Postgres", () => {
  const fresh = useDatabase();

  test("P5 P7 P11 gives the same decisions, events, rows and values as in memory", async () => {
    const told = await simulatedHistory();
    const database = fresh.database();
    for (const slug of slugsOf(told)) await addPartner(database, slug);
    for (const partition of PARTITIONS) {
      await beginProgress(database.em(), { topic: COMMANDS, partition, clusterId: CLUSTER_ID, nextOffset: 0n });
    }
    const clock = manualClock(0);
    const partners = new Map<string, SavedPartner>();
    const twin = twinStore(clock.now, partners);
    const store = postgresStore(database, clock.now, createIdentifiers().newId);
    for (const one of told) {
      if (one.kind === "partner") {
        partners.set(one.slug, one.partner);
        await savePartner(database, one);
        continue;
      }
      clock.set(one.nowMs);
      const expected = comparable(await twin.change(one.batch, CLUSTER_ID));
      expect(comparable(await store.change(one.batch, CLUSTER_ID))).toEqual(expected);
    }
    const addresses = addressesOf(told);
    expect(addresses.length).toBeGreaterThan(15);
    for (const address of addresses) {
      const stored = await recordInPostgres(database.em(), address);
      const history = await historyInPostgres(database.em(), address);
      expect(history).toEqual(twin.historyOf(address));
      expect(byHeldId(stored)).toEqual(byHeldId(twin.recordOf(address)));
      expect(replay(history)).toEqual({ ...stored, heldResults: [] });
    }
  }, 120_000);
});

async function simulatedHistory(): Promise<readonly Told[]> {
  const told: Told[] = [];
  const { found } = await simulate({
    seed: SEED,
    steps: STEPS,
    isValidEvent: () => [],
    mirror: {
      partner: (slug, partner) => void told.push({ kind: "partner", slug, partner }),
      batch: (batch, { nowMs }) => void told.push({ kind: "batch", batch, nowMs }),
    },
  });
  expect(found?.detail ?? null).toBeNull();
  return told;
}

function twinStore(clock: () => number, partners: ReadonlyMap<string, SavedPartner>) {
  const store = createMemoryStore({
    clock,
    newId: createIdentifiers().newId,
    addresses: STORE_ADDRESSES,
    partnerOf: (command) => {
      const partner = partners.get(command.partner);
      if (partner === undefined) throw new Error(`nobody has told of ${command.partner}`);
      return snapshotOf(command, partner);
    },
  });
  for (const partition of PARTITIONS) {
    store.progress.begin({ topic: COMMANDS, partition, clusterId: CLUSTER_ID, nextOffset: 0n });
  }
  return store;
}

async function savePartner(database: Database, { slug, partner }: Told & { readonly kind: "partner" }): Promise<void> {
  const { isSuspended, settings, endpoints } = partner;
  const status = isSuspended ? "suspended" : "active";
  await runSql(database.em(), "update partners set status = $2, settings = $3 where slug = $1", [
    slug,
    status,
    JSON.stringify(settings),
  ]);
  const enabled = endpoints.length > 0 ? "enabled" : "disabled";
  await runSql(database.em(), "update webhook_endpoints set status = $2 where partner = $1", [slug, enabled]);
}

/** Outbox ids, and the ids that follow from them, are each store's own. */
function comparable(result: BatchResult) {
  if (result.kind !== "committed") return result;
  const outgoing = result.outgoing.map(({ outboxId: _, headers, ...message }) => ({
    ...message,
    headers: message.topic === "parked" ? {} : headers,
  }));
  return { ...result, outgoing };
}

function byHeldId({ heldResults, ...record }: ReturnType<ReturnType<typeof twinStore>["recordOf"]>) {
  return { ...record, heldResults: heldResults.toSorted((a, b) => (a.heldResultId < b.heldResultId ? -1 : 1)) };
}

function slugsOf(told: readonly Told[]): ReadonlySet<string> {
  return new Set(told.flatMap((one) => (one.kind === "partner" ? [one.slug] : [])));
}

function addressesOf(told: readonly Told[]): readonly UserAddress[] {
  const commands = told.flatMap((one) => (one.kind === "batch" ? one.batch.messages : []));
  const addresses = commands.flatMap((message) => {
    if (message.kind !== "command") return [];
    const { partner, environment, referenceId } = message.command;
    return [{ partner, environment, referenceId }];
  });
  return [...new Map(addresses.map((address) => [addressKey(address), address])).values()];
}
