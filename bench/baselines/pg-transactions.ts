import { createHash } from "node:crypto";
import { Pool, type PooledClient } from "pg";
import type { Command } from "../../domain/commands.ts";
import { DEFAULT_SETTINGS, type PartnerSnapshot, settingsOf } from "../../domain/partner.ts";
import { type DataRequestRow, toDataRequest } from "../../storage/mapping/data-request.ts";
import { type LinkRow, toLink } from "../../storage/mapping/link.ts";
import { toUser, type UserRow } from "../../storage/mapping/user.ts";
import type { RowChange } from "../../storage/user-store/bulk.ts";
import { addressOf, createWorkingSet, type WorkingSet } from "../../storage/user-store/working-set.ts";
import { type CommandTransactions, Conflict, retried } from "./apply-command.ts";
import { changedRows, type Row, type TableName } from "./changed-rows.ts";
import { type DecidingSettings, decideAlone } from "./decide-alone.ts";

export interface PgSettings extends DecidingSettings {
  readonly databaseUrl: string;
  readonly poolSize: number;
}

/**
 * Baseline (b): one transaction per command over plain `pg`: hand-written statements, prepared once per connection, as few
 * as the command allows and sent together where one does not need the other. It loads and stores what CreateLink and RevokeLink need and refuses every other command.
 */
export function createPgTransactions({ databaseUrl, poolSize, ...settings }: PgSettings): CommandTransactions {
  const pool = new Pool({ connectionString: databaseUrl, max: poolSize, pipeline: true });
  return {
    apply: (command) => retried(() => withClient(pool, (client) => applyCommand(client, command, settings))),
    close: () => pool.end(),
  };
}

async function withClient<Result>(pool: Pool, work: (client: PooledClient) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  try {
    const result = await work(client);
    client.release();
    return result;
  } catch (error) {
    await client.query({ text: "rollback" }).then(
      () => client.release(),
      () => client.release(true),
    );
    throw error;
  }
}

/** Three round trips for a new user: what is asked first, what is asked then, and everything that is new with the commit. */
async function applyCommand(client: PooledClient, command: Command, settings: DecidingSettings) {
  if (command.type !== "CreateLink" && command.type !== "RevokeLink") {
    throw new Error(`this baseline does not know ${command.type}`);
  }
  const asked = [client.query({ text: "begin" }), loadPartner(client, command), loadUser(client, command)] as const;
  const [, partner, users] = await together(asked);
  const decided = decideAlone(command, { users, partnerOf: () => partner }, settings);
  const { changed, added } = changedRows(decided);
  // One after the other: a row that somebody else has changed has to be noticed before anything is committed.
  for (const [table, changes] of changed) for (const change of changes) await update(client, table, change);
  await together([...added.map(([table, rows]) => insert(client, table, rows)), client.query({ text: "commit" })]);
  const decision = decided.run.decided[0]?.decision;
  if (decision === undefined) throw new Error("a command was not decided");
  return decision;
}

/** Waits for all, then throws the first error: nothing of this transaction may be on its way when the next begins. */
async function together<const Work extends readonly Promise<unknown>[]>(work: Work) {
  const results = await Promise.allSettled(work);
  const failed = results.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
  return Promise.all(work);
}

interface PartnerRow {
  readonly status: string;
  readonly settings: Parameters<typeof settingsOf>[0];
  readonly endpoints: PartnerSnapshot["endpoints"] | null;
}

async function loadPartner(client: PooledClient, { partner, environment }: Command): Promise<PartnerSnapshot> {
  const text = `select status, settings,
      (select json_agg(json_build_object('environment', environment, 'events', events)) from webhook_endpoints
       where partner = slug and environment = $2 and status <> 'disabled' and deleted_at is null) as endpoints
    from partners where slug = $1`;
  const { rows } = await client.query({ name: "partner", text, values: [partner, environment] });
  const [row] = rows as readonly PartnerRow[];
  return {
    ...{ partner, environment, isSuspended: row?.status !== "active" },
    settings: row === undefined ? DEFAULT_SETTINGS : settingsOf(row.settings),
    endpoints: row?.endpoints ?? [],
  };
}

/** The user, its active link, the one that the command names, and the open data request: one statement for a new user. */
async function loadUser(client: PooledClient, command: Command): Promise<WorkingSet> {
  const address = addressOf(command);
  const { partner, environment, referenceId } = address;
  const text = "select * from users where partner = $1 and environment = $2 and reference_id = $3";
  const found = await client.query({ name: "user", text, values: [partner, environment, referenceId] });
  const [row] = found.rows as readonly UserRow[];
  const linkId = command.type === "RevokeLink" ? command.payload.linkId : null;
  const isKnown = row !== undefined;
  const [links, requests] = isKnown
    ? await together([loadLinks(client, row.user_id, linkId), loadRequests(client, row.user_id)])
    : [[], []];
  const record = {
    user: row === undefined ? null : toUser(row),
    links: links.map(toLink),
    dataRequests: requests.map(toDataRequest),
    ...{ attempts: [], operations: [], heldResults: [] },
  };
  return createWorkingSet([{ address, record, lastConfirmed: row?.last_confirmed ?? {} }]);
}

async function loadLinks(client: PooledClient, userId: string, linkId: string | null): Promise<readonly LinkRow[]> {
  const text = `select * from links
    where user_id = $1 and (status in ('created', 'opened', 'in_progress') or link_id = $2)`;
  return (await client.query({ name: "links", text, values: [userId, linkId] })).rows;
}

async function loadRequests(client: PooledClient, userId: string): Promise<readonly DataRequestRow[]> {
  const text = "select * from data_requests where user_id = $1 and status in ('open', 'partially_answered')";
  return (await client.query({ name: "requests", text, values: [userId] })).rows;
}

const KEYS = { users: "user_id", links: "link_id", data_requests: "data_request_id" } as const;

/** A user by its version: whoever comes second finds it changed. */
async function update(client: PooledClient, table: TableName, { before, after }: RowChange): Promise<void> {
  const key = KEYS[table as keyof typeof KEYS];
  const columns = Object.keys(after);
  const changes = columns.map((column, index) => `"${column}" = $${index + 1}`).join(", ");
  const isVersioned = table === "users";
  const where = `"${key}" = $${columns.length + 1}${isVersioned ? ` and version = $${columns.length + 2}` : ""}`;
  const values = [...Object.values(after).map(parameter), before[key], ...(isVersioned ? [before["version"]] : [])];
  const { rowCount } = await run(client, `update ${table} set ${changes} where ${where}`, values);
  if (rowCount !== 1) throw new Conflict("another transaction changed this user");
}

async function insert(client: PooledClient, table: TableName, rows: readonly Row[]): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const columns = Object.keys(first);
  const tuple = (_: Row, row: number) =>
    `(${columns.map((_name, at) => `$${row * columns.length + at + 1}`).join(", ")})`;
  const names = columns.map((column) => `"${column}"`).join(", ");
  const text = `insert into ${table} (${names}) values ${rows.map(tuple).join(", ")}`;
  const values = rows.flatMap((row) => columns.map((column) => parameter(row[column])));
  await run(client, text, values);
}

/** Prepared under a name that follows from the text: each connection parses a statement once. */
function run(client: PooledClient, text: string, values: readonly unknown[]) {
  const name = createHash("md5").update(text).digest("hex");
  return client.query({ name, text, values });
}

/** Objects and lists are JSON in every table of a user. */
function parameter(value: unknown): unknown {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : value;
}
