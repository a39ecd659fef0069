import { defineEntity, p } from "@mikro-orm/postgresql";
import type { Actor } from "../../domain/commands.ts";
import { addressColumns, timeColumn } from "./columns.ts";

/** The trace of a command that was refused; nothing of it stands in the user's history (P6). */
export const RefusalEntity = defineEntity({
  name: "Refusal",
  tableName: "refusals",
  properties: {
    id: p.bigint("bigint").primary().autoincrement(),
    ...addressColumns(),
    commandId: p.text(),
    commandType: p.text(),
    code: p.text(),
    actor: p.json<Actor>(),
    at: timeColumn(),
  },
  indexes: [{ name: "refusals_by_reference", properties: ["partner", "environment", "referenceId", "id"] }],
});
