import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { currentEnvironment } from "../runtime/config.ts";
import { draftMigration } from "../storage/draft-migration.ts";
import { loadStackSettings } from "./stack-settings.ts";

/** The database in the environment, else the one of a running `npm start`; null when there is neither. */
async function databaseUrl(): Promise<string | null> {
  const given = currentEnvironment()["DATABASE_URL"];
  if (given !== undefined && given !== "") return given;
  const demo = await readFile(join(loadStackSettings().dir, "demo.json"), "utf8").catch(() => null);
  return demo === null ? null : (JSON.parse(demo) as { readonly databaseUrl: string }).databaseUrl;
}

const url = await databaseUrl();
if (url === null) {
  process.stderr.write("No database to compare with: set DATABASE_URL, or start one with npm start.\n");
  process.exitCode = 2;
} else {
  const sql = await draftMigration(url);
  process.stdout.write(sql === "" ? "The database has everything that the entities describe.\n" : sql);
}
