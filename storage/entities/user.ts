import { defineEntity, p } from "@mikro-orm/postgresql";
import type { Path, Source } from "../../domain/user/fields.ts";
import { USER_STATES, type User } from "../../domain/user/user.ts";
import { addressColumns, foreignJsonColumn, timeColumn } from "./columns.ts";

/** When each source last repeated a value that it had already given (A5); outside the history on purpose. */
export type LastConfirmed = { readonly [path in Path]?: { readonly [source in Source]?: string } };

/** The source that counts, per path: kept beside the assertions so that it can be read without the rules. */
export type Winners = { readonly [path in Path]?: Source };

/** One user of one partner in one environment; the values stand apart from everything else about them. */
export const UserEntity = defineEntity({
  name: "User",
  tableName: "users",
  properties: {
    userId: p.text().primary(),
    ...addressColumns(),
    state: p.enum(USER_STATES),
    version: p.integer(),
    lastSequence: p.integer(),
    lastAt: timeColumn(),
    createdAt: timeColumn(),
    updatedAt: timeColumn(),
    assertions: p.json<User["assertions"]>(),
    values: foreignJsonColumn<User["values"]>(),
    winners: p.json<Winners>(),
    cip: p.json<User["cip"]>(),
    lastConfirmed: p.json<LastConfirmed>(),
    /** The values that were verified (B5); like all values, apart from what is said of them. */
    verifiedValues: foreignJsonColumn<User["verifiedValues"]>().default("{}"),
    verifiedNotApplicable: p.json<User["verifiedNotApplicable"]>().default("[]"),
    flags: p.json<User["flags"]>().default("[]"),
    identityFlips: p.json<User["identityFlips"]>().default("[]"),
    /** Taken out of `cip`, so that timers find what is due (B5, B6). */
    verifiedAt: timeColumn().nullable(),
    reverifyBy: timeColumn().nullable(),
    /** A keyed hash of idNumber and dob: equal for equal people of a partner (B11). */
    identityHash: p.text().nullable(),
  },
  uniques: [{ name: "users_one_per_reference", properties: ["partner", "environment", "referenceId"] }],
  indexes: [
    {
      name: "users_same_identity",
      properties: ["partner", "environment", "identityHash"],
      where: "identity_hash is not null",
    },
    {
      name: "users_reverification_due",
      properties: ["reverifyBy", "userId"],
      where: "state = 'cip_verified' and reverify_by is not null",
    },
    {
      name: "users_verification_age",
      properties: ["partner", "verifiedAt", "userId"],
      where: "state = 'cip_verified' and reverify_by is null",
    },
    {
      name: "users_for_review",
      properties: ["partner", "userId"],
      where: "flags <> '[]'::jsonb or (cip ->> 'needsReview') = 'true' or (cip ->> 'isHeldForReview') = 'true'",
    },
    {
      name: "users_newest_first",
      columns: [
        { name: "partner" },
        { name: "environment" },
        { name: "created_at", sort: "desc" },
        { name: "user_id", sort: "desc" },
      ],
      properties: ["partner", "environment", "createdAt", "userId"],
    },
    {
      name: "users_of_state_newest_first",
      columns: [
        { name: "partner" },
        { name: "environment" },
        { name: "state" },
        { name: "created_at", sort: "desc" },
        { name: "user_id", sort: "desc" },
      ],
      properties: ["partner", "environment", "state", "createdAt", "userId"],
    },
  ],
  checks: [
    {
      name: "users_reference_id_form",
      expression: "char_length(reference_id) >= 1 and char_length(reference_id) <= 255",
    },
    { name: "users_version_positive", expression: "version >= 1 and last_sequence >= 1" },
  ],
});
