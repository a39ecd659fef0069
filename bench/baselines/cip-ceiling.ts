import type { PooledClient } from "pg";
import { loadConfig } from "../../runtime/config.ts";
import type { CipResultMessage } from "../../schemas/generated.ts";
import { PARTNER } from "../system.ts";
import { runCeiling } from "./run-ceiling.ts";

/**
 * The ceiling (c) of CIP results, for users that `multiplyUsers` has made: it writes as many rows of the same sizes as the
 * cip-results and users consumers, by hand-written SQL. They are copies of the rows of a user whose result the product has
 * applied (its referenceId is the argument), with other ids; so nothing but ids is sent to Postgres, and nothing is loaded.
 * Ids inside their JSON stay those of the original.
 */
const [template = ""] = process.argv.slice(2);
const config = loadConfig();
let statements: readonly string[] | undefined;

const id = (kind: string) => `'${kind}_${PARTNER}_' || given.id`;
const APPLIED = "(select user_id from users where reference_id = $1)";
const COMMAND = "(select command_id from decisions where reference_id = $1 and command_type = 'ApplyCipResult')";
const GIVEN = `unnest($2::text[]) as given(id) join users on users.user_id = ${id("user")}`;

/** Some hundred results, as the users consumer takes: of larger batches the first commit would be half of what is measured. */
const BATCH_BYTES = 96 * 1024;
/** What a result leaves as it is. */
const KEPT = ["user_id", "partner", "environment", "reference_id", "identity_hash", "link_id", "created_at"];

async function writeResults(client: PooledClient, messages: readonly string[]): Promise<void> {
  const values = [template, messages.map((text) => idOf(JSON.parse(text)))];
  statements ??= await composeStatements(client);
  for (const [index, text] of statements.entries()) await client.query({ name: `copy ${index}`, text, values });
}

/** The last part of the attempt's id, which is that of its user's id too. */
function idOf({ attemptId = "" }: CipResultMessage): string {
  return attemptId.slice(`cip_${PARTNER}_`.length);
}

/** Prepared once per connection. The values of a column that is not named here are those of the original. */
async function composeStatements(client: PooledClient): Promise<readonly string[]> {
  const columnsOf = async (table: string, without: readonly string[]): Promise<readonly string[]> => {
    const text = "select column_name as name from information_schema.columns where table_name = $1";
    const { rows } = await client.query({ text, values: [table] });
    return (rows as readonly { readonly name: string }[])
      .map(({ name }) => name)
      .filter((name) => !without.includes(name));
  };
  const update = async (table: string, key: string, kind: string) => {
    const columns = await columnsOf(table, [key, ...KEPT]);
    const changes = columns.map((name) => `"${name}" = old."${name}"`).join(", ");
    return `update ${table} as mine set ${changes} from ${table} as old, unnest($2::text[]) as given(id)
      where old.user_id = ${APPLIED} and mine.${key} = ${id(kind)}`;
  };
  const insert = async (table: string, where: string, own: Readonly<Record<string, string>>) => {
    const columns = await columnsOf(table, ["id"]);
    const names = columns.map((name) => `"${name}"`).join(", ");
    const values = columns.map((name) => own[name] ?? `old."${name}"`).join(", ");
    return `insert into ${table} (${names}) select ${values} from ${table} as old, ${GIVEN} where ${where}`;
  };
  const ofCommand = { user_id: "users.user_id", command_id: id("cmd"), reference_id: "users.reference_id" };
  const event = { event_id: `${id("evt")} || old.sequence` };
  const leaving = { message_key: "users.partner || '/' || users.environment || '/' || users.reference_id" };
  const sequences = `select sequence from user_history where user_id = ${APPLIED} and command_id = ${COMMAND}`;
  return [
    await update("users", "user_id", "user"),
    await update("cip_attempts", "attempt_id", "cip"),
    await insert("decisions", `old.command_id = ${COMMAND}`, ofCommand),
    await insert("user_history", `old.user_id = ${APPLIED} and old.command_id = ${COMMAND}`, {
      ...ofCommand,
      ...event,
    }),
    await insert("outbox", `old.user_id = ${APPLIED} and old.sequence in (${sequences})`, { ...ofCommand, ...leaving }),
  ];
}

await runCeiling({ config, topic: "cipResults", maxBytesPerPartition: BATCH_BYTES, write: writeResults });
