import { Migration } from "@mikro-orm/migrations";

/** What has ended, the oldest first: so that deleting it never walks over what waits, however much that is. */
const OLDEST_FIRST = `
  create index webhook_deliveries_finished on webhook_deliveries (due_at) where status in ('delivered', 'failed');
  create index webhook_replays_finished on webhook_replays (finished_at) where finished_at is not null;
  create index on webhook_attempts_default (started_at);`;

/**
 * A delivery is written again at least twice, when it is claimed and when its result comes, and its body with it. Never
 * in place: the columns that change are in indexes. Half of every page is left free for that. Then the new version
 * is on the page of the old one, the log of Postgres holds what changed instead of the whole row, and the old version's
 * room is used again without waiting for a vacuum. Measured with bodies of 1 kB: 3.2 kB of log a delivery instead of
 * 5.7, 2.7 MB of table instead of 4.0 for a thousand deliveries before a vacuum; after one, 1.3 would have sufficed.
 *
 * The rest is for vacuum to come often: most rows have long ended, and a fifth of all of them, the default, would be
 * millions of dead entries, which all lie where claims look for what is due.
 */
const SETTINGS = `
  alter table webhook_deliveries set (
    fillfactor = 50,
    autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 10000,
    autovacuum_analyze_scale_factor = 0.02);`;

/** What the deletion of old deliveries, replays and attempts needs. Days of attempts are made by the timers. */
export class Retention extends Migration {
  override up(): void {
    this.addSql(OLDEST_FIRST);
    this.addSql(SETTINGS);
  }
}
