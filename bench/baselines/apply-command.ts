import type { Command } from "../../domain/commands.ts";
import type { StoredDecision } from "../../storage/decisions.ts";

/** What a synchronous service does with a command: decides and stores it in one transaction, and answers. */
export interface CommandTransactions {
  readonly apply: (command: Command) => Promise<StoredDecision>;
  readonly close: () => Promise<void>;
}

/** Another transaction was faster with the same user. */
export class Conflict extends Error {
  override readonly name = "Conflict";
}

const MOST_TRIES = 20;
const UNIQUE_VIOLATION = "23505";

/**
 * Tries a transaction again when another one was faster with the same user: no lock is needed for users that nobody
 * else works on, which are nearly all, and the unique indexes and the version find the others.
 */
export async function retried<Result>(transaction: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await transaction();
    } catch (error) {
      if (tries >= MOST_TRIES || !isConflict(error)) throw error;
    }
  }
}

function isConflict(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? error.code : undefined;
  return error instanceof Conflict || error.name === "OptimisticLockError" || code === UNIQUE_VIOLATION;
}
