/** What is used here of `pg`'s pool. */
export interface Pool {
  on(event: "acquire", listener: (client: Client) => void): unknown;
}

/** What is used here of a connection that somebody has taken from the pool. */
interface Client {
  release: (error?: boolean | Error) => void;
  once(event: "end", listener: () => void): unknown;
  off(event: "end", listener: () => void): unknown;
}

/**
 * Gives connections back that died while they were in use. kysely does not when it is inside a transaction, because the
 * rollback fails too; then the pool would have one connection less for each, and none in the end.
 */
export function releaseLostConnections(pool: Pool): void {
  // The pool sets `release` right after this event.
  pool.on("acquire", (client) => queueMicrotask(() => watch(client)));
}

function watch(client: Client): void {
  const giveBack = client.release;
  let isBack = false;
  const release = (error?: boolean | Error): void => {
    if (isBack) return;
    isBack = true;
    client.off("end", lost);
    giveBack(error);
  };
  const lost = (): void => release(true);
  client.release = release;
  client.once("end", lost);
}
