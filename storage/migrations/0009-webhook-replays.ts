import { Migration } from "@mikro-orm/migrations";

const REPLAYS = `
  create table webhook_replays (
    replay_id text not null, partner text not null, environment text not null, endpoint_id text not null,
    kind text not null, filter jsonb not null, rate int, state text not null, reason text, cursor jsonb,
    examined int not null default 0, enqueued int not null default 0, next_at timestamptz(3) not null,
    created_at timestamptz(3) not null, updated_at timestamptz(3) not null, finished_at timestamptz(3),
    primary key (replay_id)
  );
  create index webhook_replays_due on webhook_replays (next_at) where state = 'running';
  create index webhook_replays_newest_first on webhook_replays (partner, environment, created_at desc, replay_id desc);
  alter table webhook_replays
    add constraint webhook_replays_rate check (rate is null or rate >= 1),
    add constraint webhook_replays_counts check (enqueued >= 0 and examined >= enqueued),
    add constraint webhook_replays_finished_at check ((finished_at is not null) = (state in ('done', 'cancelled'))),
    add constraint webhook_replays_environment_check check (environment in ('test', 'live')),
    add constraint webhook_replays_kind_check check (kind in ('replay', 'recovery')),
    add constraint webhook_replays_state_check check (state in ('running', 'paused', 'done', 'cancelled'));`;

/** How many deliveries of a replay still wait is asked before each of its steps. */
const WAITING = `
  create index webhook_deliveries_of_replay on webhook_deliveries (replay_id)
    where replay_id is not null and status in ('pending', 'delivering', 'parked');
  create index webhook_deliveries_of_endpoint on webhook_deliveries (endpoint_id)
    where status in ('pending', 'parked');`;

/** Replays: jobs that send events again. */
export class WebhookReplays extends Migration {
  override up(): void {
    this.addSql(REPLAYS);
    this.addSql(WAITING);
  }
}
