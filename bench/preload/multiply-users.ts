import { type BenchSystem, PARTNER } from "../system.ts";

export interface Multiplied {
  /** The user whose rows are copied. */
  readonly template: string;
  /** The copies are called `PREFIX-0` … */
  readonly prefix: string;
  /** Their ids are made of the numbers from here. */
  readonly from: number;
  readonly count: number;
  /** Links that each has besides those of the template; they have ended. */
  readonly endedLinks: number;
}

/**
 * Copies a user with its active link and its open attempt many times, in SQL alone: real rows of the product with other
 * ids, at some ten thousand users a second. Their history and outbox stay empty.
 */
export async function multiplyUsers(system: BenchSystem, plan: Multiplied): Promise<void> {
  const named = `reference_id = '${plan.template}'`;
  const id = (kind: string, shift = 0) => `'${kind}_${PARTNER}_' || lpad((n + ${shift})::text, 12, '0')`;
  const referenceId = `'${plan.prefix}-' || (n - ${plan.from})`;
  const owner = { user_id: id("user"), reference_id: referenceId };
  const attempt = id("cip");
  const cip = `case when (old.cip ->> 'currentAttemptId') is null then old.cip
    else jsonb_set(old.cip, '{currentAttemptId}', to_jsonb(${attempt})) end`;
  await copy(system, plan, {
    table: "users",
    where: named,
    replaced: { ...owner, identity_hash: "md5(n::text)", cip },
  });
  await copy(system, plan, { table: "links", where: named, replaced: { ...owner, link_id: id("link") } });
  for (let extra = 1; extra <= plan.endedLinks; extra += 1) {
    const ended = {
      status: "'revoked'",
      revoked_at: "old.created_at",
      opened_at: "null",
      committed_operation_id: "null",
    };
    const replaced = { ...owner, ...ended, link_id: id("link", extra * IDS_APART) };
    await copy(system, plan, { table: "links", where: named, replaced });
  }
  const attempts = { ...owner, attempt_id: attempt, link_id: id("link") };
  await copy(system, plan, { table: "cip_attempts", where: named, replaced: attempts });
  // As autovacuum does with users that have been there for a while: without it Postgres takes these tables for empty.
  for (const table of ["users", "links", "cip_attempts"]) await system.rows(`analyze ${table}`);
}

/** Ids of one row's second and third link must not be those of another's first. */
const IDS_APART = 100_000_000;

interface Copied {
  readonly table: string;
  readonly where: string;
  /** An expression of the number `n` and the row `old`, by column; every other column is copied. */
  readonly replaced: Readonly<Record<string, string>>;
}

async function copy(
  system: BenchSystem,
  { from, count }: Multiplied,
  { table, where, replaced }: Copied,
): Promise<void> {
  const columns = await system.rows<{ readonly name: string }>(
    "select column_name as name from information_schema.columns where table_name = $1 and table_schema = 'public'",
    [table],
  );
  const names = columns.map(({ name }) => `"${name}"`).join(", ");
  const values = columns.map(({ name }) => replaced[name] ?? `old."${name}"`).join(", ");
  // The copies refer to what the original refers to: asking for each of a million again would take most of the time.
  await system.rows(`alter table ${table} disable trigger all`);
  await system.rows(
    `insert into ${table} (${names}) select ${values}
     from (select * from ${table} where ${where}) as old, generate_series(${from}, ${from + count - 1}) as n`,
  );
  await system.rows(`alter table ${table} enable trigger all`);
}
