import type { Database } from "../../storage/orm.ts";

/** Tables that only requests which were accepted may change. What is written of refusals, keys and progress stands apart. */
const TABLES = [
  "users",
  "user_history",
  "links",
  "data_requests",
  "cip_attempts",
  "held_results",
  "operations",
  "partners",
  "webhook_endpoints",
  "parked_messages",
];

/** Stands for all that is stored: another text when a row was written, changed or removed, and only then. */
export async function fingerprintOf(database: Database): Promise<string> {
  const parts = TABLES.map(
    (table) => `select '${table}' as name, count(*) as rows, sum(xmin::text::bigint) as writes from ${table}`,
  );
  const rows = await database.em().execute(`${parts.join(" union all ")} order by name`);
  return JSON.stringify(rows);
}
