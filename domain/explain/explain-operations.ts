import { isOverdueOperation } from "../operation/overdue.ts";
import type { ExplainedOperation } from "./explanation.ts";
import type { Moment } from "./moment.ts";
import { SENTENCES } from "./sentences.ts";

/** J4, J5, J6: each transfer, and whether the payment system has been silent for too long about it. Newest first. */
export function explainOperations({ record, partner, now }: Moment): readonly ExplainedOperation[] {
  return record.operations.toReversed().map((operation) => {
    const isOverdue = isOverdueOperation(operation, partner.settings, now);
    const { operationId, isHeldForReview } = operation;
    const sentence = [
      SENTENCES.operation[operation.status](operation),
      ...(isOverdue ? [SENTENCES.operationOverdue(partner.settings.operationOverdueMinutes)] : []),
      ...(isHeldForReview ? [SENTENCES.operationHeld] : []),
    ].join(" ");
    return { operationId, isOverdue, sentence };
  });
}
