import { Migration } from "@mikro-orm/migrations";

const FAILURE_CLASSES =
  "'timeout', 'dns', 'connect', 'connection_lost', 'tls', 'refused_address', 'refused_url', 'protocol', 'receiver_removed', 'redirect', 'gone', 'http_4xx', 'http_5xx', 'http_other'";

/** What waits to be delivered, and what became of every try. */
const TABLES = [
  `
  create table webhook_deliveries (
    delivery_id text not null, event_id text not null, receiver text not null, lane text not null,
    partner text not null, environment text not null, endpoint_id text, link_id text, url text not null,
    event_type text not null, body text not null, sequence int not null, user_id text not null,
    reference_id text not null, status text not null, attempts int not null, due_at timestamptz(3) not null,
    lease_until timestamptz(3), fence int not null, last_status int, last_error_class text,
    created_at timestamptz(3) not null, delivered_at timestamptz(3),
    primary key (delivery_id)
  );
  create index webhook_deliveries_due on webhook_deliveries (coalesce(lease_until, due_at)) where status in ('pending', 'delivering');
  create index webhook_deliveries_newest_first on webhook_deliveries (partner, environment, created_at desc, delivery_id desc);
  alter table webhook_deliveries
    add constraint webhook_deliveries_once_per_receiver unique (event_id, receiver),
    add constraint webhook_deliveries_receiver_named check (receiver = case when endpoint_id is null then 'link:' || link_id else 'endpoint:' || endpoint_id end),
    add constraint webhook_deliveries_lease check ((status = 'delivering') = (lease_until is not null)),
    add constraint webhook_deliveries_delivered_at check ((status = 'delivered') = (delivered_at is not null)),
    add constraint webhook_deliveries_counts check (attempts >= 0 and fence >= attempts),
    add constraint webhook_deliveries_environment_check check (environment in ('test', 'live')),
    add constraint webhook_deliveries_status_check check (status in ('pending', 'delivering', 'delivered', 'failed')),
    add constraint webhook_deliveries_last_error_class_check check (last_error_class in (${FAILURE_CLASSES}));
  `,
  `
  create table webhook_attempts (
    delivery_id text not null, number int not null, started_at timestamptz(3) not null,
    duration_ms int not null, status_code int, error_class text, answer_excerpt text,
    primary key (delivery_id, number, started_at)
  ) partition by range (started_at);
  create table webhook_attempts_default partition of webhook_attempts default;
  alter table webhook_attempts
    add constraint webhook_attempts_number check (number >= 1 and duration_ms >= 0),
    add constraint webhook_attempts_answer check (char_length(answer_excerpt) <= 1024),
    add constraint webhook_attempts_error_class_check check (error_class in (${FAILURE_CLASSES}));
  `,
];

export class WebhookDeliveries extends Migration {
  override up(): void {
    for (const table of TABLES) this.addSql(table);
  }
}
