import type { Clock } from "../../runtime/clock.ts";
import { createLog } from "../../runtime/log.ts";
import { readMigrationState } from "../../storage/migration-state.ts";
import { createDatabase, type Database } from "../../storage/orm.ts";
import { compareClocks } from "./clock-skew.ts";
import { down, type Finding, fine, wrong } from "./finding.ts";

const LIMIT_MS = 5_000;

/** Whether Postgres answers, has every migration of this release and none of a newer one, and tells the same time. */
export async function checkPostgres(url: string, clock: Clock): Promise<readonly Finding[]> {
  const limits = { lockTimeoutMs: LIMIT_MS, idleInTransactionTimeoutMs: LIMIT_MS, statementTimeoutMs: LIMIT_MS };
  const log = createLog({ level: "silent", component: "doctor" });
  const database = await createDatabase({ url, poolSize: 1, applicationName: "m2m-doctor", ...limits, log });
  try {
    await database.check();
    const findings = [fine("Postgres", "answers"), await checkMigrations(database)];
    return [...findings, await checkClock(database, clock)];
  } catch (error) {
    return [down("Postgres", error, "Start it, and see whether --database-url (DATABASE_URL) is right")];
  } finally {
    await database.close();
  }
}

async function checkMigrations(database: Database): Promise<Finding> {
  const { pending, unknown } = await readMigrationState(database.em());
  if (unknown.length > 0) {
    const detail = `the database knows ${unknown.join(", ")}, which this release does not`;
    return wrong("migrations", detail, "Run the release that made them: going back needs a backup");
  }
  if (pending.length > 0) return wrong("migrations", `${pending.join(", ")} did not run`, "Run `npm run migrate`");
  return fine("migrations", "every one ran");
}

async function checkClock(database: Database, clock: Clock): Promise<Finding> {
  const sentAt = clock();
  const [row]: { readonly now: string }[] = await database
    .em()
    .execute("select to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"') as now");
  return compareClocks("clock of Postgres", Date.parse(row?.now ?? ""), { sentAt, answeredAt: clock() });
}
