import { Migration } from "@mikro-orm/migrations";

/**
 * What a verification is compared with and when it is due (B5, B6), flags (A13), equal people (B11), and the kinds of
 * identity checks (B14, B17). Users verified before get the snapshot of their attempt; their identity_hash comes with
 * their next change, because its key is not in the database.
 */
const STEPS = [
  `
  alter table users
    add column verified_values json not null default '{}',
    add column verified_not_applicable jsonb not null default '[]',
    add column flags jsonb not null default '[]',
    add column identity_flips jsonb not null default '[]',
    add column verified_at timestamptz(3),
    add column reverify_by timestamptz(3),
    add column identity_hash text;
  `,
  `
  update users set
    verified_values = attempt.evidence_values,
    verified_not_applicable = attempt.not_applicable,
    verified_at = (users.cip->>'verifiedAt')::timestamptz,
    cip = users.cip || jsonb_build_object('verification', jsonb_build_object(
      'attemptId', attempt.attempt_id, 'verifiedAt', users.cip->>'verifiedAt', 'policy', attempt.policy,
      'current', true, 'reverifyBy', null, 'change', null, 'changedPaths', '[]'::jsonb))
  from cip_attempts attempt
  where users.state = 'cip_verified' and attempt.attempt_id = users.cip->>'verifiedAttemptId';
  `,
  `
  create index users_same_identity on users (partner, environment, identity_hash) where identity_hash is not null;
  create index users_reverification_due on users (reverify_by, user_id) where state = 'cip_verified' and reverify_by is not null;
  create index users_verification_age on users (partner, verified_at, user_id) where state = 'cip_verified' and reverify_by is null;
  `,
  `
  alter table cip_attempts
    alter column link_id drop not null,
    add column kind text not null default 'automatic',
    add column verified_outputs json,
    add constraint cip_attempts_kind_check check (kind in ('automatic', 'review', 'ticket'));
  `,
];

export class Verification extends Migration {
  override up(): void {
    for (const step of STEPS) this.addSql(step);
  }
}
