import { Migration } from "@mikro-orm/migrations";

/** The first schema, table by table: users and what belongs to them, the way out, and the configuration. */
const TABLES = [
  `
  create table partners (
    slug text not null, name text not null, status text not null, settings jsonb not null,
    created_at timestamptz(3) not null, updated_at timestamptz(3) not null,
    primary key (slug)
  );
  alter table partners
    add constraint partners_slug_form check (slug ~ '^[a-z0-9-]{2,32}$'),
    add constraint partners_status_check check (status in ('active', 'suspended'));
  `,
  `
  create table api_keys (
    key_id text not null, partner text not null, environment text not null, prefix text not null,
    sha256 text not null, permissions text[] not null, created_at timestamptz(3) not null,
    last_used_at timestamptz(3), revoked_at timestamptz(3),
    primary key (key_id)
  );
  create index api_keys_by_partner on api_keys (partner, created_at);
  alter table api_keys
    add constraint api_keys_sha256_unique unique (sha256),
    add constraint api_keys_sha256_form check (sha256 ~ '^[0-9a-f]{64}$'),
    add constraint api_keys_environment_check check (environment in ('test', 'live')),
    add constraint api_keys_partner_foreign foreign key (partner) references partners (slug);
  `,
  `
  create table webhook_endpoints (
    endpoint_id text not null, partner text not null, environment text not null, url text not null,
    events jsonb, description text, status text not null, disabled_reason text, schedule jsonb,
    rate_limit int, sealed_secrets jsonb not null, created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null, deleted_at timestamptz(3),
    primary key (endpoint_id)
  );
  create index webhook_endpoints_of_partner on webhook_endpoints (partner, environment, created_at) where deleted_at is null;
  alter table webhook_endpoints
    add constraint webhook_endpoints_url_length check (char_length(url) <= 2048),
    add constraint webhook_endpoints_rate_limit check (rate_limit is null or rate_limit >= 1),
    add constraint webhook_endpoints_environment_check check (environment in ('test', 'live')),
    add constraint webhook_endpoints_status_check check (status in ('enabled', 'disabled')),
    add constraint webhook_endpoints_partner_foreign foreign key (partner) references partners (slug);
  `,
  `
  create table webhook_secrets (
    partner text not null, environment text not null, sealed_secrets jsonb not null,
    updated_at timestamptz(3) not null,
    primary key (partner, environment)
  );
  alter table webhook_secrets
    add constraint webhook_secrets_environment_check check (environment in ('test', 'live')),
    add constraint webhook_secrets_partner_foreign foreign key (partner) references partners (slug);
  `,
  `
  create table idempotency (
    partner text not null, environment text not null, method text not null, path text not null,
    key text not null, body_hash text not null, command_id text, status int, sealed_response text,
    created_at timestamptz(3) not null,
    primary key (partner, environment, method, path, key)
  );
  create index idempotency_oldest_first on idempotency (created_at);
  alter table idempotency
    add constraint idempotency_key_length check (char_length(key) >= 1 and char_length(key) <= 255),
    add constraint idempotency_answer_whole check ((status is null) = (sealed_response is null)),
    add constraint idempotency_environment_check check (environment in ('test', 'live'));
  `,
  `
  create table images (
    image_id text not null, partner text not null, environment text not null, sha256 text not null,
    size_in_bytes int not null, media_type text not null, bytes bytea not null,
    created_at timestamptz(3) not null,
    primary key (image_id)
  );
  alter table images
    add constraint images_size check (size_in_bytes = octet_length(bytes) and size_in_bytes > 0),
    add constraint images_environment_check check (environment in ('test', 'live'));
  `,
  `
  create table users (
    user_id text not null, partner text not null, environment text not null, reference_id text not null,
    state text not null, version int not null, last_sequence int not null, last_at timestamptz(3) not null,
    created_at timestamptz(3) not null, updated_at timestamptz(3) not null, assertions jsonb not null,
    "values" json not null, winners jsonb not null, cip jsonb not null, last_confirmed jsonb not null,
    primary key (user_id)
  );
  alter table users
    add constraint users_one_per_reference unique (partner, environment, reference_id),
    add constraint users_reference_id_form check (char_length(reference_id) >= 1 and char_length(reference_id) <= 255),
    add constraint users_version_positive check (version >= 1 and last_sequence >= 1),
    add constraint users_environment_check check (environment in ('test', 'live')),
    add constraint users_state_check check (state in ('pending', 'data_incomplete', 'data_complete', 'cip_pending', 'cip_verified', 'cip_failed'));
  `,
  `
  create table links (
    link_id text not null, user_id text not null, partner text not null, environment text not null,
    reference_id text not null, status text not null, created_at timestamptz(3) not null,
    expires_at timestamptz(3) not null, opened_at timestamptz(3), completed_at timestamptz(3),
    expired_at timestamptz(3), revoked_at timestamptz(3), revoke_reason text, committed_operation_id text,
    widget_version int not null, replaces text, flow text not null, theme text, language text,
    callback_url text, redirect_url text, expired_redirect_url text, metadata json,
    primary key (link_id)
  );
  create index links_by_user on links (user_id, created_at);
  create index links_newest_first on links (partner, environment, created_at desc, link_id desc);
  create index links_of_reference_newest_first on links (partner, environment, reference_id, created_at desc, link_id desc);
  create index links_due_to_expire on links (expires_at) where status in ('created', 'opened', 'in_progress') and committed_operation_id is null;
  create unique index links_one_active_per_user on links (user_id) where status in ('created', 'opened', 'in_progress');
  alter table links
    add constraint links_expiry_after_creation check (expires_at > created_at),
    add constraint links_widget_version_positive check (widget_version >= 0),
    add constraint links_opened_at check ((status <> 'created' or opened_at is null) and (status in ('created', 'expired', 'revoked') or opened_at is not null)),
    add constraint links_completed_at check ((status = 'completed') = (completed_at is not null)),
    add constraint links_expired_at check ((status = 'expired') = (expired_at is not null)),
    add constraint links_revoked_at check ((status = 'revoked') = (revoked_at is not null)),
    add constraint links_committed_in_progress check (committed_operation_id is null or status = 'in_progress'),
    add constraint links_environment_check check (environment in ('test', 'live')),
    add constraint links_status_check check (status in ('created', 'opened', 'in_progress', 'completed', 'expired', 'revoked')),
    add constraint links_language_check check (language in ('en', 'es')),
    add constraint links_user_id_foreign foreign key (user_id) references users (user_id);
  `,
  `
  create table data_requests (
    data_request_id text not null, user_id text not null, partner text not null, environment text not null,
    reference_id text not null, link_id text not null, status text not null, required_fields jsonb not null,
    remaining_fields jsonb not null, created_at timestamptz(3) not null, expires_at timestamptz(3) not null,
    fulfilled_at timestamptz(3), closed_at timestamptz(3),
    primary key (data_request_id)
  );
  create index data_requests_by_user on data_requests (user_id, created_at);
  create index data_requests_by_link on data_requests (link_id);
  create unique index data_requests_one_open_per_user on data_requests (user_id) where status in ('open', 'partially_answered');
  alter table data_requests
    add constraint data_requests_open_times check (not (status in ('open', 'partially_answered')) or (fulfilled_at is null and closed_at is null)),
    add constraint data_requests_fulfilled_at check (status <> 'fulfilled' or fulfilled_at is not null),
    add constraint data_requests_environment_check check (environment in ('test', 'live')),
    add constraint data_requests_status_check check (status in ('open', 'partially_answered', 'fulfilled', 'superseded', 'expired', 'cancelled')),
    add constraint data_requests_user_id_foreign foreign key (user_id) references users (user_id),
    add constraint data_requests_link_id_foreign foreign key (link_id) references links (link_id);
  `,
  `
  create table cip_attempts (
    attempt_id text not null, user_id text not null, partner text not null, environment text not null,
    reference_id text not null, link_id text not null, number int not null, status text not null,
    policy text not null, evidence jsonb not null, evidence_values json not null,
    not_applicable jsonb not null, revision bigint, failure jsonb, is_final boolean not null,
    results json not null, created_at timestamptz(3) not null, closed_at timestamptz(3),
    primary key (attempt_id)
  );
  create index cip_attempts_by_link on cip_attempts (link_id);
  create unique index cip_attempts_one_open_per_user on cip_attempts (user_id) where status = 'open';
  alter table cip_attempts
    add constraint cip_attempts_number_per_user unique (user_id, number),
    add constraint cip_attempts_number_positive check (number >= 1),
    add constraint cip_attempts_closed_at check ((status = 'open') = (closed_at is null)),
    add constraint cip_attempts_environment_check check (environment in ('test', 'live')),
    add constraint cip_attempts_status_check check (status in ('open', 'verified', 'failed', 'needs_data', 'abandoned')),
    add constraint cip_attempts_user_id_foreign foreign key (user_id) references users (user_id),
    add constraint cip_attempts_link_id_foreign foreign key (link_id) references links (link_id);
  `,
  `
  create table operations (
    operation_id text not null, user_id text not null, partner text not null, environment text not null,
    reference_id text not null, link_id text not null, status text not null, send numeric not null,
    receive numeric not null, rate numeric not null, fee numeric not null, source_currency text not null,
    destination_currency text not null, payment_method json not null, created_at timestamptz(3) not null,
    processing_at timestamptz(3), completed_at timestamptz(3), failed_at timestamptz(3),
    cancelled_at timestamptz(3), failure_reason text, is_held_for_review boolean not null,
    updates json not null,
    primary key (operation_id)
  );
  create index operations_by_link on operations (link_id, created_at);
  create index operations_by_user on operations (user_id, created_at);
  create index operations_newest_first on operations (partner, environment, created_at desc, operation_id desc);
  create index operations_of_reference_newest_first on operations (partner, environment, reference_id, created_at desc, operation_id desc);
  create unique index operations_one_open_per_link on operations (link_id) where status in ('created', 'processing');
  alter table operations
    add constraint operations_amount check (send > 0 and receive >= 0 and rate > 0 and fee >= 0),
    add constraint operations_currencies check (source_currency ~ '^[A-Z]{3}$' and destination_currency ~ '^[A-Z]{3}$'),
    add constraint operations_completed_at check ((status = 'completed') = (completed_at is not null)),
    add constraint operations_failed_at check ((status = 'failed') = (failed_at is not null)),
    add constraint operations_cancelled_at check ((status = 'cancelled') = (cancelled_at is not null)),
    add constraint operations_environment_check check (environment in ('test', 'live')),
    add constraint operations_status_check check (status in ('created', 'processing', 'completed', 'failed', 'cancelled')),
    add constraint operations_user_id_foreign foreign key (user_id) references users (user_id),
    add constraint operations_link_id_foreign foreign key (link_id) references links (link_id);
  `,
  `
  create table held_results (
    held_result_id text not null, partner text not null, environment text not null,
    reference_id text not null, attempt_id text, operation_id text, kind text not null, payload json not null,
    held_at timestamptz(3) not null,
    primary key (held_result_id)
  );
  create index held_results_by_reference on held_results (partner, environment, reference_id);
  create index held_results_oldest_first on held_results (held_at);
  alter table held_results
    add constraint held_results_environment_check check (environment in ('test', 'live')),
    add constraint held_results_kind_check check (kind in ('cip_result', 'operation_update'));
  `,
  `
  create table user_history (
    user_id text not null, sequence int not null, event_id text not null, user_version int not null,
    type text not null, at timestamptz(3) not null, command_id text not null, actor jsonb not null,
    data json not null, private json,
    primary key (user_id, sequence)
  );
  alter table user_history
    add constraint user_history_event_id_unique unique (event_id),
    add constraint user_history_sequence_positive check (sequence >= 1 and user_version >= 1),
    add constraint user_history_user_id_foreign foreign key (user_id) references users (user_id);
  `,
  `
  create table outbox (
    id bigserial primary key, source_partition int not null, topic text not null, kind text not null,
    message_key text not null, user_id text, sequence int, reference text, action text, payload json,
    created_at timestamptz(3) not null
  );
  create index outbox_by_partition on outbox (source_partition, id);
  alter table outbox
    add constraint outbox_event_named check (kind <> 'event' or (user_id is not null and sequence is not null)),
    add constraint outbox_cip_request_named check (kind <> 'cip_request' or reference is not null),
    add constraint outbox_operation_request_named check (kind <> 'operation_request' or (reference is not null and action is not null)),
    add constraint outbox_parked_whole check (kind <> 'parked' or payload is not null),
    add constraint outbox_kind_check check (kind in ('event', 'cip_request', 'operation_request', 'parked')),
    add constraint outbox_action_check check (action in ('execute', 'cancel'));
  `,
  `
  create table decisions (
    command_id text not null, partner text not null, environment text not null, reference_id text not null,
    command_type text not null, outcome text not null, answer jsonb, refusal jsonb,
    decided_at timestamptz(3) not null,
    primary key (command_id, partner, environment, reference_id)
  );
  create index decisions_oldest_first on decisions (decided_at);
  alter table decisions
    add constraint decisions_answer_or_refusal check ((outcome = 'applied') = (answer is not null) and (outcome <> 'applied') = (refusal is not null)),
    add constraint decisions_environment_check check (environment in ('test', 'live')),
    add constraint decisions_outcome_check check (outcome in ('applied', 'refused', 'failed'));
  `,
  `
  create table refusals (
    id bigserial primary key, partner text not null, environment text not null, reference_id text not null,
    command_id text not null, command_type text not null, code text not null, actor jsonb not null,
    at timestamptz(3) not null
  );
  create index refusals_by_reference on refusals (partner, environment, reference_id, id);
  alter table refusals
    add constraint refusals_environment_check check (environment in ('test', 'live'));
  `,
  `
  create table consumer_progress (
    topic text not null, "partition" int not null, cluster_id text not null, next_offset bigint not null,
    published_through bigint not null,
    primary key (topic, "partition")
  );
  alter table consumer_progress
    add constraint consumer_progress_positive check (next_offset >= 0 and published_through >= 0);
  `,
];

export class Initial extends Migration {
  override up(): void {
    for (const table of TABLES) this.addSql(table);
  }
}
