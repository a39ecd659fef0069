import { Migration } from "@mikro-orm/migrations";

const ENDPOINTS = `
  alter table webhook_endpoints
    add column strict_order boolean not null default false,
    add column failing_since timestamptz(3),
    add column failed_deliveries int not null default 0,
    add column last_success_at timestamptz(3),
    add column warned_percent int not null default 0,
    add column disabled_at timestamptz(3),
    drop constraint webhook_endpoints_status_check,
    add constraint webhook_endpoints_status_check check (status in ('enabled', 'paused', 'disabled')),
    add constraint webhook_endpoints_streak check ((failing_since is not null) = (failed_deliveries > 0)),
    add constraint webhook_endpoints_disabled_at check (disabled_at is null or status = 'disabled');`;

/** A delivery that was asked for again stands beside the first one of its event and receiver. */
const DELIVERIES = `
  alter table webhook_deliveries
    alter column user_id drop not null,
    alter column reference_id drop not null,
    add column cause text not null default 'event',
    add column replay_id text,
    add column parked_at timestamptz(3),
    drop constraint webhook_deliveries_status_check,
    drop constraint webhook_deliveries_once_per_receiver,
    add constraint webhook_deliveries_status_check check (status in ('pending', 'delivering', 'parked', 'delivered', 'failed')),
    add constraint webhook_deliveries_cause_check check (cause in ('event', 'resend', 'replay', 'recovery', 'test')),
    add constraint webhook_deliveries_parked_at check ((status = 'parked') = (parked_at is not null)),
    add constraint webhook_deliveries_replay check ((cause in ('event', 'test')) = (replay_id is null));
  create unique index webhook_deliveries_once_per_receiver on webhook_deliveries (event_id, receiver, replay_id) nulls not distinct;`;

/** What lanes, breakers, replays and the disabling of endpoints need to know of endpoints and deliveries. */
export class WebhookEngine extends Migration {
  override up(): void {
    this.addSql(ENDPOINTS);
    this.addSql(DELIVERIES);
  }
}
