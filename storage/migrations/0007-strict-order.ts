import { Migration } from "@mikro-orm/migrations";

/** What waits of a user for an endpoint, in the order of its events: for endpoints with strict order. */
export class StrictOrder extends Migration {
  override up(): void {
    this.addSql(`create index webhook_deliveries_in_order on webhook_deliveries (endpoint_id, user_id, sequence)
      where status in ('pending', 'delivering', 'parked')`);
    this.addSql("create index webhook_endpoints_strict on webhook_endpoints (endpoint_id) where strict_order");
  }
}
