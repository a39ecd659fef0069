import { Migration } from "@mikro-orm/migrations";

/** An index for every list, a partner's events among them, and the parked messages for operators. */
const STEPS = [
  `
  create index users_newest_first on users (partner, environment, created_at desc, user_id desc);
  create index users_of_state_newest_first on users (partner, environment, state, created_at desc, user_id desc);
  create index users_for_review on users (partner, user_id)
    where flags <> '[]'::jsonb or (cip ->> 'needsReview') = 'true' or (cip ->> 'isHeldForReview') = 'true';
  create index cip_attempts_in_review on cip_attempts (partner, user_id) where status = 'open' and kind = 'review';
  create index operations_in_review on operations (partner, user_id) where is_held_for_review;
  create index data_requests_newest_first on data_requests (partner, environment, created_at desc, data_request_id desc);
  create index data_requests_of_reference_newest_first on data_requests (partner, environment, reference_id, created_at desc, data_request_id desc);
  `,
  `
  alter table user_history add column world text;
  update user_history set world = users.partner || '/' || users.environment
    from users where users.user_id = user_history.user_id;
  create index user_history_newest_first on user_history (world, at desc, user_id desc, sequence desc);
  `,
  `
  create table parked_messages (
    parked_id text not null, reason text not null, detail text not null, consumer text not null, topic text not null,
    "partition" int not null, "offset" text not null, key text, raw_base64 text, parked_at timestamptz(3) not null,
    status text not null, settled_at timestamptz(3), settled_reason text, replay_command_id text,
    primary key (parked_id)
  );
  create index parked_messages_newest_first on parked_messages (parked_at desc, parked_id desc);
  create index parked_messages_of_status_newest_first on parked_messages (status, parked_at desc, parked_id desc);
  alter table parked_messages
    add constraint parked_messages_status_check check (status in ('parked', 'replayed', 'dropped')),
    add constraint parked_messages_settled_at check ((status = 'parked') = (settled_at is null));
  `,
];

export class ListsAndParked extends Migration {
  override up(): void {
    for (const step of STEPS) this.addSql(step);
  }
}
