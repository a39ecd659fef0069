import { randomUUID } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { Migrator } from "@mikro-orm/migrations";
import { type EntityManager, MikroORM } from "@mikro-orm/postgresql";
import { ENTITIES } from "./entities.ts";

/** Where migrations live: `NNNN-what-it-does.ts`, run in order of name. Adding one is adding a file. */
export const MIGRATIONS_FOLDER = join(import.meta.dirname, "migrations");

/** Any number, as long as every release of this project uses the same. */
const ADVISORY_LOCK = 7_262_605;

/** The database was migrated by a newer release: this one does not know what it would do to it. */
export class DatabaseIsNewer extends Error {
  readonly unknownMigrations: readonly string[];

  constructor(unknownMigrations: readonly string[]) {
    super(`The database knows migrations that this release does not: ${unknownMigrations.join(", ")}`);
    this.name = "DatabaseIsNewer";
    this.unknownMigrations = unknownMigrations;
  }
}

/**
 * Brings a database to this release's schema and gives the names of the migrations it ran. Forward only, all or
 * nothing, one process at a time: a second one waits, then finds nothing to do.
 * @throws DatabaseIsNewer when the database is ahead of this release.
 */
export async function migrate(databaseUrl: string): Promise<readonly string[]> {
  const orm = await createMigrationOrm(databaseUrl);
  try {
    return await orm.em.transactional(async (em) => {
      await em.execute(`select pg_advisory_xact_lock(${ADVISORY_LOCK})`);
      const transaction = em.getTransactionContext();
      if (transaction === undefined) throw new Error("migrate: outside its transaction");
      const ran = await orm.migrator.up({ transaction });
      await refuseNewer(em);
      return ran.map(({ name }) => name);
    });
  } finally {
    await orm.close(true);
  }
}

async function refuseNewer(em: EntityManager): Promise<void> {
  const rows: { name: string }[] = await em.execute("select name from mikro_orm_migrations order by id");
  const known = new Set((await readdir(MIGRATIONS_FOLDER)).map((file) => file.replace(/\.ts$/, "")));
  const unknown = rows.map(({ name }) => name).filter((name) => !known.has(name));
  if (unknown.length > 0) throw new DatabaseIsNewer(unknown);
}

/** MikroORM with what migrations need: for `migrate`, and for drafting the next one. */
export function createMigrationOrm(databaseUrl: string) {
  return MikroORM.init({
    clientUrl: databaseUrl,
    contextName: randomUUID(),
    entities: ENTITIES,
    extensions: [Migrator],
    debug: false,
    colors: false,
    pool: { min: 0, max: 4 },
    migrations: {
      path: MIGRATIONS_FOLDER,
      pathTs: MIGRATIONS_FOLDER,
      silent: true,
      snapshot: false,
    },
  });
}
