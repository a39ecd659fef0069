import { PATHS } from "../../domain/user/fields.ts";
import { someData } from "../field-values.ts";
import { type Move, someOf } from "../move.ts";

/** People on our side, who mend what systems cannot. */
export const OPERATOR_MOVES: readonly Move[] = [
  {
    type: "CorrectUser",
    actor: "operator",
    weight: ({ record: { user } }) => (user === null ? 0.05 : 0.4),
    say: ({ random }) => {
      const { input, values } = someData(random, [random.pick(PATHS)]);
      return { payload: { userData: input, reason: "the person sent a document" }, values };
    },
  },
  {
    type: "ResolveOperation",
    actor: "operator",
    weight: ({ record: { operations } }) => (operations.length > 0 ? 0.8 : 0.05),
    say: ({ random, record, partner }) => {
      const operation = random.chance(0.95) ? someOf(random, record.operations) : undefined;
      const operationId = operation?.operationId ?? `op_${partner.partner}_unknown`;
      const status = random.pick(["completed", "failed", "cancelled"] as const);
      return { payload: { operationId, status, reason: "the bank said so" } };
    },
  },
];
