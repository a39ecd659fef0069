import { defineEntity, p } from "@mikro-orm/postgresql";
import type { HeldResult } from "../../domain/decision.ts";
import { addressColumns, foreignJsonColumn, timeColumn } from "./columns.ts";

/** A result or update that names nothing known yet; it waits here for its attempt or operation (B2). */
export const HeldResultEntity = defineEntity({
  name: "HeldResult",
  tableName: "held_results",
  properties: {
    heldResultId: p.text().primary(),
    ...addressColumns(),
    attemptId: p.text().nullable(),
    operationId: p.text().nullable(),
    kind: p.enum(["cip_result", "operation_update"] as const),
    payload: foreignJsonColumn<HeldResult["held"]>(),
    heldAt: timeColumn(),
  },
  indexes: [
    { name: "held_results_by_reference", properties: ["partner", "environment", "referenceId"] },
    { name: "held_results_oldest_first", properties: ["heldAt"] },
  ],
});
