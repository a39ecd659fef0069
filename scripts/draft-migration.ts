import { loadConfig } from "../runtime/config.ts";
import { draftMigration } from "../storage/draft-migration.ts";

const sql = await draftMigration(loadConfig().databaseUrl);
process.stdout.write(sql === "" ? "The database has everything that the entities describe.\n" : sql);
