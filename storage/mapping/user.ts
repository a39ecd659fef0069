import type { User } from "../../domain/user/user.ts";
import type { LastConfirmed, UserEntity, Winners } from "../entities/user.ts";
import type { Row } from "../tables.ts";
import { isoTime } from "./iso-time.ts";

export type UserRow = Row<typeof UserEntity>;

/** The user in a row of `users`. */
export function toUser(row: UserRow): User {
  return {
    partner: row.partner,
    environment: row.environment,
    referenceId: row.reference_id,
    userId: row.user_id,
    state: row.state,
    version: row.version,
    lastSequence: row.last_sequence,
    lastAt: isoTime(row.last_at),
    createdAt: isoTime(row.created_at),
    updatedAt: isoTime(row.updated_at),
    assertions: row.assertions,
    values: row.values,
    cip: row.cip,
  };
}

/** The row of `users` for a user, with what is stored beside the user: who wins per path, and A5's confirmations. */
export function fromUser(user: User, beside: { winners: Winners; lastConfirmed: LastConfirmed }): UserRow {
  return {
    user_id: user.userId,
    partner: user.partner,
    environment: user.environment,
    reference_id: user.referenceId,
    state: user.state,
    version: user.version,
    last_sequence: user.lastSequence,
    last_at: user.lastAt,
    created_at: user.createdAt,
    updated_at: user.updatedAt,
    assertions: user.assertions,
    values: user.values,
    winners: beside.winners,
    cip: user.cip,
    last_confirmed: beside.lastConfirmed,
  };
}
