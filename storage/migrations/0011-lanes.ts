import { Migration } from "@mikro-orm/migrations";

const LANES = `
  create table webhook_lanes (
    lane text not null, state text not null, since timestamptz(3) not null, next_at timestamptz(3) not null,
    failed_probes int not null default 0, release_step int not null default 0,
    primary key (lane)
  );
  create index webhook_lanes_next on webhook_lanes (state, next_at);
  alter table webhook_lanes
    add constraint webhook_lanes_counts check (failed_probes >= 0 and release_step >= 0),
    add constraint webhook_lanes_state_check check (state in ('open', 'recovering'));`;

/** What waits is found by its lane, so that a long queue of one is not walked over to find another's. */
const DELIVERIES = `
  alter table webhook_deliveries add column slot_class text, add column is_strict boolean not null default false;
  update webhook_deliveries set slot_class = case
    when cause not in ('event', 'test') then 'replay' when attempts > 0 then 'retry' else 'first' end;
  alter table webhook_deliveries
    alter column slot_class set not null,
    alter column slot_class set default 'first',
    add constraint webhook_deliveries_slot_class_check check (slot_class in ('first', 'retry', 'replay'));
  update webhook_deliveries set is_strict = true
    where status in ('pending', 'delivering', 'parked') and user_id is not null
      and endpoint_id in (select endpoint_id from webhook_endpoints where strict_order);
  drop index webhook_deliveries_due;
  drop index webhook_deliveries_of_endpoint;
  drop index webhook_deliveries_in_order;
  drop index webhook_endpoints_strict;
  create index webhook_deliveries_due on webhook_deliveries (lane, slot_class, coalesce(lease_until, due_at))
    where status in ('pending', 'delivering');
  create index webhook_deliveries_parked on webhook_deliveries (lane, created_at) where status = 'parked';
  create index webhook_deliveries_parked_since on webhook_deliveries (parked_at) where status = 'parked';
  create index webhook_deliveries_in_order on webhook_deliveries (endpoint_id, user_id, sequence)
    where is_strict and status in ('pending', 'delivering', 'parked');`;

const FAILURE_CLASSES =
  "'timeout', 'dns', 'connect', 'connection_lost', 'tls', 'refused_address', 'refused_url', 'protocol', 'receiver_removed', 'parked_too_long', 'redirect', 'gone', 'http_4xx', 'http_5xx', 'http_other'";

const PARKED_TOO_LONG = `
  alter table webhook_deliveries drop constraint webhook_deliveries_last_error_class_check,
    add constraint webhook_deliveries_last_error_class_check check (last_error_class in (${FAILURE_CLASSES}));
  alter table webhook_attempts drop constraint webhook_attempts_error_class_check,
    add constraint webhook_attempts_error_class_check check (error_class in (${FAILURE_CLASSES}));`;

/** Lanes whose receivers are away, and the order in which what waits is taken. */
export class Lanes extends Migration {
  override up(): void {
    this.addSql(LANES);
    this.addSql(DELIVERIES);
    this.addSql(PARKED_TOO_LONG);
  }
}
