import type { EntityManager } from "@mikro-orm/postgresql";
import { systemClock } from "../../runtime/clock.ts";
import { createLog } from "../../runtime/log.ts";
import { ApiKeyEntity } from "../entities/api-key.ts";
import { createDatabase } from "../orm.ts";
import { createKey, FIRST_KEY_PERMISSIONS, findKey, hashOfKey, randomKey } from "./api-keys.ts";
import { createPartner } from "./partners.ts";

export interface DemoSeed {
  readonly databaseUrl: string;
  /** The key of an earlier start; stays valid, so that scripts that hold it go on working. */
  readonly apiKey?: string;
}

const DEMO_PARTNER = "acme";
const KEY_FORM = /^m2m_test_[A-Za-z0-9]{32}$/;

/** Makes sure that the demo partner `acme` has a key for environment `test`, and gives its text. Repeating is harmless. */
export async function seedDemo({ databaseUrl, apiKey }: DemoSeed): Promise<{ readonly apiKey: string }> {
  const database = await createDatabase({
    url: databaseUrl,
    poolSize: 1,
    applicationName: "m2m-seed",
    lockTimeoutMs: 10_000,
    idleInTransactionTimeoutMs: 10_000,
    statementTimeoutMs: 10_000,
    log: createLog({ level: "warn", component: "seed" }),
  });
  try {
    return { apiKey: await database.em().transactional((em) => seed(em, apiKey)) };
  } finally {
    await database.close();
  }
}

async function seed(em: EntityManager, earlier: string | undefined): Promise<string> {
  const now = new Date(systemClock()).toISOString();
  await createPartner(em, { slug: DEMO_PARTNER, name: "Acme Remittances" }, now);
  if (earlier !== undefined && (await findKey(em, hashOfKey(earlier))) !== null) return earlier;
  const key = { partner: DEMO_PARTNER, environment: "test", permissions: FIRST_KEY_PERMISSIONS } as const;
  const text = earlier !== undefined && (await isUsable(em, earlier)) ? earlier : randomKey("test");
  const created = await createKey(em, { ...key, text }, now);
  return created.text;
}

/** A key of an earlier database can be given again; one that was revoked here cannot. */
async function isUsable(em: EntityManager, text: string): Promise<boolean> {
  if (!KEY_FORM.test(text)) return false;
  return (await em.count(ApiKeyEntity, { sha256: hashOfKey(text) })) === 0;
}
