import { readdir } from "node:fs/promises";
import type { EntityManager } from "@mikro-orm/postgresql";
import { MIGRATIONS_FOLDER } from "./migrate.ts";

/** Which migrations of this release a database lacks, and which it has that this release does not know. */
export interface MigrationState {
  readonly pending: readonly string[];
  readonly unknown: readonly string[];
}

/** Reads only. Rejects with the driver's error when Postgres does not answer. */
export async function readMigrationState(em: EntityManager): Promise<MigrationState> {
  const own = (await readdir(MIGRATIONS_FOLDER))
    .filter((file) => file.endsWith(".ts"))
    .map((file) => file.replace(/\.ts$/, ""))
    .toSorted();
  const [table]: { readonly name: string | null }[] = await em.execute(
    "select to_regclass('mikro_orm_migrations')::text as name",
  );
  const rows: { readonly name: string }[] =
    (table?.name ?? null) === null ? [] : await em.execute("select name from mikro_orm_migrations order by id");
  const ran = rows.map(({ name }) => name);
  return { pending: own.filter((name) => !ran.includes(name)), unknown: ran.filter((name) => !own.includes(name)) };
}
