import { createHash, randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { EntityManager } from "@mikro-orm/postgresql";
import { afterAll, beforeAll, inject } from "vitest";
import { createLog } from "../../runtime/log.ts";
import { MIGRATIONS_FOLDER, migrate } from "../../storage/migrate.ts";
import { createDatabase, type Database } from "../../storage/orm.ts";

/** A migrated database that nobody else uses. */
export interface FreshDatabase {
  readonly url: string;
  readonly database: Database;
  /** Closes every connection and deletes the database. */
  readonly drop: () => Promise<void>;
}

/** Two test files that find no template at the same time must not both build it. */
const TEMPLATE_LOCK = 7_262_606;
/** The first to need the template builds it, and the others wait for that. */
const MADE_WITHIN_MS = 90_000;
/** Postgres deletes a database after a checkpoint, which takes as long as the disk does. */
const DROPPED_WITHIN_MS = 120_000;
/** What a test does in its database. */
const OWN_LIMITS = { lockTimeoutMs: 10_000, idleInTransactionTimeoutMs: 10_000, statementTimeoutMs: 20_000 };
/** Making and deleting whole databases; the transaction that holds the template's lock is idle while it is built. */
const SERVER_LIMITS = {
  lockTimeoutMs: 60_000,
  idleInTransactionTimeoutMs: 60_000,
  statementTimeoutMs: DROPPED_WITHIN_MS,
};

/**
 * A database of one's own, cloned in some 50 ms from a template that is migrated once per state of the migrations. On
 * the run's Postgres, or on the one whose address is given.
 */
export async function freshDatabase({ databaseUrl }: { databaseUrl?: string } = {}): Promise<FreshDatabase> {
  const serverUrl = databaseUrl ?? inject("stack").databaseUrl;
  const name = `t_${randomBytes(8).toString("hex")}`;
  await onServer(serverUrl, async (server) => {
    const template = await ensureTemplate(server, serverUrl);
    await server.em().execute(`create database ${name} template ${template}`);
  });
  const url = urlOf(serverUrl, name);
  const database = await open(url);
  return {
    url,
    database,
    drop: async () => {
      await database.close();
      await onServer(serverUrl, (server) => server.em().execute(`drop database ${name} with (force)`));
    },
  };
}

/** A database for the tests of a file: made before them, deleted after them. */
export function useDatabase() {
  let fresh: FreshDatabase | undefined;
  beforeAll(async () => {
    fresh = await freshDatabase();
  }, MADE_WITHIN_MS);
  afterAll(() => fresh?.drop(), DROPPED_WITHIN_MS);
  const ready = () => {
    if (fresh === undefined) throw new Error("the database is there inside tests and hooks only");
    return fresh;
  };
  return {
    url: (): string => ready().url,
    database: (): Database => ready().database,
    em: (): EntityManager => ready().database.em(),
  };
}

/** An empty database, not migrated, for the tests of migrations themselves. */
export async function emptyDatabase(): Promise<{ readonly url: string; readonly drop: () => Promise<void> }> {
  const serverUrl = inject("stack").databaseUrl;
  const name = `t_${randomBytes(8).toString("hex")}`;
  await onServer(serverUrl, (server) => server.em().execute(`create database ${name}`));
  return {
    url: urlOf(serverUrl, name),
    drop: () =>
      onServer(serverUrl, async (server) => void (await server.em().execute(`drop database ${name} with (force)`))),
  };
}

async function ensureTemplate(server: Database, serverUrl: string): Promise<string> {
  const template = `t_template_${await hashOfMigrations()}`;
  await server.em().transactional(async (em) => {
    await em.execute(`select pg_advisory_xact_lock(${TEMPLATE_LOCK})`);
    const found = await em.execute("select 1 from pg_database where datname = ?", [template]);
    if (found.length === 0) await buildTemplate(server, serverUrl, template);
  });
  return template;
}

/** Built under another name, so that an interrupted build leaves nothing that looks finished. */
async function buildTemplate(server: Database, serverUrl: string, template: string): Promise<void> {
  const building = `${template}_building`;
  await server.em().execute(`drop database if exists ${building} with (force)`);
  await server.em().execute(`create database ${building}`);
  await migrate(urlOf(serverUrl, building));
  await server.em().execute(`alter database ${building} rename to ${template}`);
}

async function hashOfMigrations(): Promise<string> {
  const hash = createHash("sha256");
  const files = (await readdir(MIGRATIONS_FOLDER)).filter((file) => file.endsWith(".ts")).sort();
  for (const file of files) hash.update(file).update(await readFile(join(MIGRATIONS_FOLDER, file)));
  return hash.digest("hex").slice(0, 12);
}

async function onServer<T>(serverUrl: string, work: (server: Database) => Promise<T>): Promise<T> {
  const server = await open(serverUrl, SERVER_LIMITS);
  try {
    return await work(server);
  } finally {
    await server.close();
  }
}

function open(url: string, limits = OWN_LIMITS): Promise<Database> {
  return createDatabase({
    url,
    poolSize: 10,
    applicationName: "m2m-test",
    ...limits,
    log: createLog({ level: "silent", component: "test" }),
  });
}

function urlOf(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}
