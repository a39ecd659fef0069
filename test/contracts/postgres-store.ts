import type { Clock } from "../../runtime/clock.ts";
import type { ActiveLinkLock } from "../../storage/active-link-lock.ts";
import { createIdentityHash } from "../../storage/identity-hash.ts";
import type { Database } from "../../storage/orm.ts";
import { runSql } from "../../storage/sql.ts";
import type { RunContext } from "../../storage/user-store/run-commands.ts";
import { createUserStore, type SharingUserStore } from "../../storage/user-store.ts";

export const STORE_ADDRESSES = { widget: "https://widget.example", gateway: "https://api.example" };

/** The real store, with a Redis that never answers: nothing that is promised may depend on it. */
export function postgresStore(database: Database, clock: Clock, newId: RunContext["newId"]): SharingUserStore {
  return createUserStore({
    ...{ database, clock, newId, lock: UNREACHABLE_LOCK, addresses: STORE_ADDRESSES },
    identityHash: createIdentityHash("a secret of this test"),
    metrics: { activeLinkRaces: { inc: () => undefined } },
  });
}

const UNREACHABLE_LOCK: ActiveLinkLock = {
  take: async (links) => new Map(links.map(({ linkId }) => [linkId, { held: "unknown" as const }])),
  replaceStale: async () => new Map(),
  removeExpiry: async () => undefined,
  restoreExpiry: async () => undefined,
  free: async () => undefined,
};

/** A partner with one endpoint that hears everything, in `test`. */
export async function addPartner(database: Database, slug: string): Promise<void> {
  const em = database.em();
  await runSql(
    em,
    `insert into partners (slug, name, status, settings, created_at, updated_at)
     values ($1, $1, 'active', '{}', now(), now())`,
    [slug],
  );
  await runSql(
    em,
    `insert into webhook_endpoints (endpoint_id, partner, environment, url, status, sealed_secrets, created_at, updated_at)
     values ($1, $2, 'test', 'https://partner.example/hooks', 'enabled', '[]', now(), now())`,
    [`ep_${slug}_000000000001`, slug],
  );
}
