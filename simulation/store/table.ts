import type { UserRecord } from "../../domain/decision.ts";
import type { UserEvent } from "../../domain/events.ts";
import { UNKNOWN_USER } from "../../domain/evolve.ts";
import type { RefusalCode } from "../../domain/refusals.ts";
import type { DecidedCommand } from "../../storage/user-store/run-commands.ts";
import type { WorkingUser } from "../../storage/user-store/working-set.ts";

/** A command and what became of it. */
export type Decided = DecidedCommand;

/** All rows about one user. */
export interface Table {
  record: UserRecord;
  lastConfirmed: WorkingUser["lastConfirmed"];
  readonly history: UserEvent[];
  /** By command id. */
  readonly decisions: Map<string, Decided>;
  readonly refusals: RefusalCode[];
}

/** The rows about a user nobody has heard of. */
export function createTable(): Table {
  return { record: UNKNOWN_USER, lastConfirmed: {}, history: [], decisions: new Map(), refusals: [] };
}
