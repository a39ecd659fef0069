/** What is used here of a connection of `pg`. */
export interface Connection {
  query: (...given: never[]) => unknown;
  readonly connection: { readonly stream: { readonly cork: () => void; readonly uncork: () => void } };
}

/**
 * Lets statements that are sent in the same moment leave in one write: each of its own is a call of the system, which costs
 * more than all that this process does for a small statement.
 */
export function writeTogether(client: Connection): void {
  const send = client.query.bind(client) as (...given: readonly unknown[]) => unknown;
  const { stream } = client.connection;
  let isGathering = false;
  const query = (...given: readonly unknown[]): unknown => {
    if (!isGathering) {
      isGathering = true;
      stream.cork();
      queueMicrotask(() => {
        isGathering = false;
        stream.uncork();
      });
    }
    return send(...given);
  };
  client.query = query as Connection["query"];
}
