import { NO_CIP } from "../../domain/user/no-cip.ts";
import type { User } from "../../domain/user/user.ts";
import type { LastConfirmed, UserEntity, Winners } from "../entities/user.ts";
import type { Row } from "../tables.ts";
import { isoTime } from "./iso-time.ts";

export type UserRow = Row<typeof UserEntity>;

/** A row of `users` without what is derived from the rest, for questions that Postgres answers. */
export type UserColumns = Omit<UserRow, "winners" | "verified_at" | "reverify_by" | "identity_hash">;

const COLUMNS: Readonly<Record<keyof UserColumns, true>> = {
  ...{ user_id: true, partner: true, environment: true, reference_id: true, state: true, version: true },
  ...{ last_sequence: true, last_at: true, created_at: true, updated_at: true, assertions: true, values: true },
  ...{ cip: true, last_confirmed: true, verified_values: true, verified_not_applicable: true },
  ...{ flags: true, identity_flips: true },
};

/** Their names, for SQL. */
export const USER_COLUMNS = Object.keys(COLUMNS)
  .map((name) => `"${name}"`)
  .join(", ");

/** The user in a row of `users`. */
export function toUser(row: UserColumns): User {
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
    cip: { ...NO_CIP, ...row.cip },
    verifiedValues: row.verified_values,
    verifiedNotApplicable: row.verified_not_applicable,
    flags: row.flags,
    identityFlips: row.identity_flips,
  };
}

/** What is stored beside a user. */
export interface UserBeside {
  readonly winners: Winners;
  readonly lastConfirmed: LastConfirmed;
  readonly identityHash: string | null;
}

/** The row of `users` for a user, with what is stored beside the user: who wins per path, A5's confirmations, B11's hash. */
export function fromUser(user: User, beside: UserBeside): UserRow {
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
    verified_values: user.verifiedValues,
    verified_not_applicable: user.verifiedNotApplicable,
    flags: user.flags,
    identity_flips: user.identityFlips,
    verified_at: user.cip.verification?.verifiedAt ?? null,
    reverify_by: user.cip.verification?.reverifyBy ?? null,
    identity_hash: beside.identityHash,
  };
}
