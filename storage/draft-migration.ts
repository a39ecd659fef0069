import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { MikroORM } from "@mikro-orm/postgresql";
import { createMigrationOrm, MIGRATIONS_FOLDER } from "./migrate.ts";

/** The schema that the entities describe, for people to see in a diff what a change of entities means. */
export const SNAPSHOT = join(MIGRATIONS_FOLDER, ".snapshot.json");

/**
 * After a change of entities: gives the SQL that a migrated database lacks, which the next file in `migrations/` is
 * written from, and brings the snapshot up to date. The database itself is only read.
 */
export async function draftMigration(databaseUrl: string): Promise<string> {
  const orm = await createMigrationOrm(databaseUrl);
  try {
    await writeFile(SNAPSHOT, snapshotOf(orm));
    return await orm.schema.getUpdateSchemaSQL({ wrap: false });
  } finally {
    await orm.close(true);
  }
}

/** What the snapshot has to say for the entities as they are; needs no database. */
export function snapshotOf({ schema }: Pick<MikroORM, "schema">): string {
  return `${JSON.stringify(schema.getTargetSchema(), null, 2)}\n`;
}
