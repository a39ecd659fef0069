import { readFile } from "node:fs/promises";
import { afterEach, expect, test } from "vitest";
import { SNAPSHOT, snapshotOf } from "../../storage/draft-migration.ts";
import { createMigrationOrm, DatabaseIsNewer, migrate } from "../../storage/migrate.ts";
import { emptyDatabase } from "../support/database.ts";

const made: { drop: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const { drop } of made.splice(0)) await drop();
});

async function emptyUrl(): Promise<string> {
  const database = await emptyDatabase();
  made.push(database);
  return database.url;
}

test("migrating an empty database runs every migration, and migrating again runs none", async () => {
  const url = await emptyUrl();
  const first = await migrate(url);
  expect(first[0]).toBe("0001-initial");
  expect(await migrate(url)).toEqual([]);
});

test("of processes that migrate at once exactly one does the work, and all end well", async () => {
  const url = await emptyUrl();
  const ran = await Promise.all([migrate(url), migrate(url), migrate(url), migrate(url)]);
  expect(ran.filter((names) => names.length > 0)).toHaveLength(1);
});

test("the migrations make exactly the tables, indexes and constraints of the entities", async () => {
  const url = await emptyUrl();
  await migrate(url);
  const orm = await createMigrationOrm(url);
  try {
    expect(await orm.schema.getUpdateSchemaSQL({ wrap: false, dropTables: false })).toBe("");
    const snapshot = await readFile(SNAPSHOT, "utf8");
    expect(snapshot === snapshotOf(orm), "the snapshot is old: node scripts/draft-migration.ts").toBe(true);
  } finally {
    await orm.close(true);
  }
});

test("a database that a newer release has migrated is refused with the names that are not known here", async () => {
  const url = await emptyUrl();
  await migrate(url);
  const orm = await createMigrationOrm(url);
  await orm.em.fork().execute("insert into mikro_orm_migrations (name) values ('9999-from-the-future')");
  await orm.close(true);
  const refused = await migrate(url).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(DatabaseIsNewer);
  expect((refused as DatabaseIsNewer).unknownMigrations).toEqual(["9999-from-the-future"]);
});
