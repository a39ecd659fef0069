import { expect, inject, test } from "vitest";
import { readMigrationState } from "../../storage/migration-state.ts";
import { freshDatabase } from "../support/database.ts";

test("a migrated database lacks nothing; what did not run is pending, what a newer release ran is unknown", async () => {
  const { database, drop } = await freshDatabase({ databaseUrl: inject("stack").databaseUrl });
  const em = database.em();
  expect(await readMigrationState(em)).toEqual({ pending: [], unknown: [] });
  await em.execute("update mikro_orm_migrations set name = '9999-from-the-future' where name = '0001-initial'");
  expect(await readMigrationState(em)).toEqual({ pending: ["0001-initial"], unknown: ["9999-from-the-future"] });
  await em.execute("drop table mikro_orm_migrations");
  expect((await readMigrationState(em)).pending).toContain("0001-initial");
  await drop();
});
