import { REVIEW_DECISIONS } from "../../domain/review/decisions.ts";
import { PATHS } from "../../domain/user/fields.ts";
import { policyLabel, policyOf } from "../../domain/user/required-fields.ts";
import { someData } from "../field-values.ts";
import { type Move, someOf } from "../move.ts";
import type { Random } from "../random.ts";

/** People on our side, who mend what systems cannot. */
export const OPERATOR_MOVES: readonly Move[] = [
  {
    type: "CorrectUser",
    actor: "operator",
    weight: ({ record: { user } }) => (user === null ? 0.05 : 0.4),
    say: ({ random }) => {
      const { input, values } = someData(random, [random.pick(PATHS)]);
      return { payload: { userData: input, reason: reasonOf(random) }, values };
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
      return { payload: { operationId, status, reason: reasonOf(random) } };
    },
  },
  {
    type: "ReviewUser",
    actor: "operator",
    weight: ({ record: { user } }) => {
      if (user === null) return 0.05;
      if (user.cip.needsReview || user.cip.isHeldForReview || user.flags.length > 0) return 2.5;
      return user.state === "cip_failed" ? 1.5 : 0.3;
    },
    say: ({ random }) => ({
      payload: {
        decision: random.pick(REVIEW_DECISIONS),
        reason: reasonOf(random),
        acceptDifferences: PATHS.filter(() => random.chance(0.4)),
      },
    }),
  },
  {
    type: "ApplyPolicy",
    actor: "operator",
    weight: ({ record: { user } }) => (user === null ? 0.05 : 0.5),
    say: ({ random, partner }) => {
      const policy = random.chance(0.85) ? policyLabel(policyOf(partner.settings)) : "basic@0";
      return { payload: { policy } };
    },
  },
];

/** An operator's words belong into the history alone, so they carry the mark of a value; now and then there are none. */
function reasonOf(random: Random): string {
  return random.chance(0.95) ? "XQ the person sent a document" : " ";
}
