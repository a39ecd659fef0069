/** What is used here of a connection of `pg`. */
export interface Connection {
  query: (...given: never[]) => unknown;
  readonly connection: { readonly parsedStatements: Record<string, unknown> };
}

/** A statement is prepared when it comes for the second time. */
const USES_BEFORE = 1;
/** So many different statements are kept in mind; those that were not used for the longest time are forgotten. */
const MOST_STATEMENTS = 200;

/** A schema that changed under a prepared statement, and a name that the server does not know. */
const NO_LONGER_VALID = new Set(["0A000", "26000"]);

function isNoLongerValid(error: unknown): boolean {
  return error instanceof Error && "code" in error && NO_LONGER_VALID.has(String(error.code));
}

interface Known {
  uses: number;
  /** What the server calls it; null until it is worth preparing. */
  name: string | null;
}

/**
 * Lets the server read statements with parameters once for many uses, on this connection. It plans each use anew (see
 * `plan_cache_mode` in orm.ts). Nothing else about a statement changes. One whose plan is no longer valid, because the schema
 * has changed, is sent again as it is; inside a transaction, which that ends, it fails with an error that passes.
 */
export function prepareStatements(client: Connection): void {
  const known = new Map<string, Known>();
  const send = client.query.bind(client) as (...given: readonly unknown[]) => Promise<unknown>;
  let names = 0;

  const forget = (text: string): void => {
    const name = known.get(text)?.name ?? null;
    known.delete(text);
    if (name === null) return;
    delete client.connection.parsedStatements[name];
    // Inside a transaction that has failed this fails too, and leaves the server with a few bytes more.
    send(`deallocate ${name}`).catch(() => undefined);
  };
  const nameFor = (text: string): string | null => {
    const one = known.get(text) ?? { uses: 0, name: null };
    known.delete(text);
    known.set(text, one);
    one.uses += 1;
    if (one.name === null && one.uses > USES_BEFORE) {
      names += 1;
      one.name = `m2m_${names}`;
    }
    return one.name;
  };
  const tidy = (): void => {
    const [oldest] = known.keys();
    if (known.size > MOST_STATEMENTS && oldest !== undefined) forget(oldest);
  };
  const query = (...given: readonly unknown[]): unknown => {
    const [text, values] = given;
    if (typeof text !== "string" || !Array.isArray(values) || values.length === 0 || given.length > 2) {
      return send(...given);
    }
    const name = nameFor(text);
    if (name === null) return send(text, values);
    const answer = send({ name, text, values }).catch((error: unknown) => {
      if (!isNoLongerValid(error)) throw error;
      if (known.get(text)?.name === name) forget(text);
      // Inside a transaction nothing helps but to begin it again.
      return send(text, values).catch(() => Promise.reject(error));
    });
    tidy();
    return answer;
  };
  client.query = query as Connection["query"];
}
