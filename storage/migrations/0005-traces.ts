import { Migration } from "@mikro-orm/migrations";

/** The trace of a command stays with what leaves because of it, published again or tried again. */
export class Traces extends Migration {
  override up(): void {
    this.addSql("alter table outbox add column traceparent text");
    this.addSql("alter table webhook_deliveries add column traceparent text");
  }
}
