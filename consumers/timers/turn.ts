import type { EntityManager } from "@mikro-orm/postgresql";
import { runSql } from "../../storage/sql.ts";

/** The right to be the one process that acts. */
export interface Turn {
  /** Asks Postgres. False, for ever, once the connection that held it is gone: another process may have it. */
  readonly isOurs: () => Promise<boolean>;
}

/**
 * Runs `act` while this process alone has the turn of that name, on a connection of its own; gives false at once when
 * another process has it. The lock is one of a transaction that does nothing else: a process that is paused, or whose
 * machine is gone, loses it after idle_in_transaction_session_timeout, where a lock of a session would stay. So `isOurs`
 * must be asked more often than that.
 * @throws whatever `act` throws, or the driver's error when Postgres is away.
 */
export async function takeTurn(em: EntityManager, name: string, act: (turn: Turn) => Promise<void>): Promise<boolean> {
  return em.transactional(async (held) => {
    const sql = "select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as is_ours";
    const [answer] = await runSql<{ readonly is_ours: boolean }>(held, sql, [name]);
    if (answer?.is_ours !== true) return false;
    let isOurs = true;
    await act({
      isOurs: async () => {
        isOurs &&= await runSql(held, "select 1", []).then(
          () => true,
          () => false,
        );
        return isOurs;
      },
    });
    return true;
  });
}
