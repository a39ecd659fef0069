import { loadConfig } from "../runtime/config.ts";
import { migrate } from "../storage/migrate.ts";

const ran = await migrate(loadConfig().databaseUrl);
process.stdout.write(ran.length === 0 ? "The database is up to date.\n" : `Migrated: ${ran.join(", ")}\n`);
