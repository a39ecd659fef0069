/** Reads rows of one database. */
export type ReadRows = (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;

/** The rows of all users whose referenceId begins so, by table, without what only messages have. */
export async function rowsOfUsers(rows: ReadRows, prefix: string) {
  const left = [];
  for (const [table, order] of Object.entries(TABLES)) {
    const found = await rows(`select * from ${table} where ${ofUsers(table, prefix)} order by ${order}`);
    left.push([table, found.map(withoutPlace)] as const);
  }
  return left;
}

/** In the order in which they came to be. */
const TABLES = {
  users: "created_at",
  links: "created_at",
  data_requests: "created_at",
  decisions: "decided_at",
  refusals: "id",
  user_history: "at, user_id, sequence",
  outbox: "id",
};

function ofUsers(table: string, prefix: string): string {
  if (table === "outbox") return `message_key like '%/${prefix}%'`;
  if (table === "user_history") return `user_id in (select user_id from users where reference_id like '${prefix}%')`;
  const own = `reference_id like '${prefix}%'`;
  // The gateway refuses what the lock in Redis shows without a command; a synchronous service decides it.
  if (table === "decisions") return `${own} and refusal ->> 'code' is distinct from 'ACTIVE_LINK_EXISTS'`;
  return table === "refusals" ? `${own} and code <> 'ACTIVE_LINK_EXISTS'` : own;
}

/** Where a message came from, and inside which trace: only who has messages has those. */
function withoutPlace({ id, source_partition, traceparent, ...row }: Readonly<Record<string, unknown>>) {
  return row;
}

/** Ids, keys, hashes and times by the order in which they are first met. */
export function withoutChance<Told>(told: Told): Told {
  const met = new Map<string, string>();
  const name = (kind: string) => (found: string) => {
    const known = met.get(found) ?? `${kind} ${met.size}`;
    met.set(found, known);
    return known;
  };
  const text = JSON.stringify(told)
    .replaceAll(/\b(?:another|p[0-9a-f]{8})\b(?=[/"])/g, "PARTNER")
    .replaceAll(/"token":"[^"]+"/g, '"token":"TOKEN"')
    .replaceAll(/#[A-Za-z0-9_.-]+/g, "#TOKEN")
    .replaceAll(/"identity_hash":"[^"]+"/g, '"identity_hash":"HASH"')
    .replaceAll(/127\.0\.0\.1:\d+/g, "HOST")
    .replaceAll(/\b(?:link|user|evt|dr|cmd|req|key)_[a-z0-9]+_[a-z0-9]{12}\b/g, name("id"))
    .replaceAll(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00)/g, "TIME");
  return JSON.parse(text);
}
