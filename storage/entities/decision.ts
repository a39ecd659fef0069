import { defineEntity, p } from "@mikro-orm/postgresql";
import type { Answer } from "../../domain/decision.ts";
import type { Refusal } from "../../domain/refusals.ts";
import { addressColumns, timeColumn } from "./columns.ts";

export const DECISION_OUTCOMES = ["applied", "refused", "failed"] as const;

/** What a command led to, once: the key makes publishing a command twice harmless. */
export const DecisionEntity = defineEntity({
  name: "Decision",
  tableName: "decisions",
  properties: {
    commandId: p.text().primary(),
    partner: addressColumns().partner.primary(),
    environment: addressColumns().environment.primary(),
    referenceId: addressColumns().referenceId.primary(),
    commandType: p.text(),
    outcome: p.enum(DECISION_OUTCOMES),
    answer: p.json<Answer>().nullable(),
    refusal: p.json<Refusal>().nullable(),
    decidedAt: timeColumn(),
  },
  indexes: [{ name: "decisions_oldest_first", properties: ["decidedAt"] }],
  checks: [
    {
      name: "decisions_answer_or_refusal",
      expression: "(outcome = 'applied') = (answer is not null) and (outcome <> 'applied') = (refusal is not null)",
    },
  ],
});
