import type { PooledClient } from "pg";
import type { CreateLink } from "../../domain/commands.ts";
import { DEFAULT_SETTINGS } from "../../domain/partner.ts";
import { loadConfig } from "../../runtime/config.ts";
import { createIdentityHash } from "../../storage/identity-hash.ts";
import { createWorkingSet } from "../../storage/user-store/working-set.ts";
import { createRowTemplate } from "./row-template.ts";
import { runCeiling } from "./run-ceiling.ts";

/**
 * The ceiling (c) of new links: for commands that make new links of new users it writes the rows that the users consumer
 * would write, and looks at nothing that is there.
 */
const config = loadConfig();
let template: ReturnType<typeof createRowTemplate> | undefined;

async function writeLinks(client: PooledClient, messages: readonly string[]): Promise<void> {
  const tables = new Map<string, string[]>();
  for (const message of messages) {
    const command: CreateLink = JSON.parse(message);
    template ??= templateOf(command);
    for (const [table, rows] of template(command)) {
      const all = tables.get(table);
      if (all === undefined) tables.set(table, [...rows]);
      else all.push(...rows);
    }
  }
  for (const [table, rows] of tables) if (rows.length > 0) await insert(client, table, rows);
}

/** The database numbers these tables itself. */
const NUMBERED: Readonly<Record<string, string>> = {
  outbox: "source_partition, topic, kind, message_key, user_id, sequence, created_at",
  refusals: "partner, environment, reference_id, command_id, command_type, code, actor, at",
};

async function insert(client: PooledClient, table: string, rows: readonly string[]): Promise<void> {
  const columns = NUMBERED[table];
  const text = `insert into ${table} ${columns === undefined ? "" : `(${columns})`}
    select ${columns ?? "*"} from json_populate_recordset(null::${table}, $1::json)`;
  await client.query({ name: table, text, values: [`[${rows.join(",")}]`] });
}

function templateOf(command: CreateLink): ReturnType<typeof createRowTemplate> {
  const { partner, environment } = command;
  const snapshot = { partner, environment, isSuspended: false, settings: DEFAULT_SETTINGS, endpoints: [] };
  const loaded = { users: createWorkingSet([]), partnerOf: () => snapshot };
  const addresses = { widget: config.widgetBaseUrl, gateway: config.gatewayUrl };
  return createRowTemplate(command, loaded, { addresses, identityHash: createIdentityHash(config.serverSecret) });
}

await runCeiling({ config, topic: "userCommands", write: writeLinks });
