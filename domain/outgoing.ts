import type { CipAttempt } from "./cip/attempt.ts";
import type { UserEvent } from "./events.ts";
import type { Operation } from "./operation/operation.ts";
import type { UserAddress } from "./user/user.ts";

/** Whose attempt or operation it is. */
export interface Owner {
  readonly userId: string;
  readonly address: UserAddress;
}

/** What m2m.user-events says of an event: its public part, never its private one (H3). */
export function userEventValue(event: Omit<UserEvent, "private" | "actor">) {
  const { eventId, type, at, address, userId, sequence, userVersion, commandId, data } = event;
  return { eventId, type, at, ...address, userId, sequence, userVersion, commandId, data };
}

/** Please verify this attempt: the frozen evidence, with its values, for the internal CIP system only (D7). */
export function cipRequestValue(attempt: CipAttempt, { userId, address }: Owner) {
  const { attemptId, kind, linkId, number, policy, evidenceValues, notApplicable, createdAt } = attempt;
  return {
    ...{ attemptId, kind, ...address, userId, linkId, number, policy },
    fields: evidenceValues,
    notApplicable,
    requestedAt: createdAt,
  };
}

/** Please execute or cancel this operation, as it was frozen (J3). */
export function operationRequestValue(operation: Operation, action: "execute" | "cancel", { userId, address }: Owner) {
  const { operationId, linkId, amount, paymentMethod, createdAt } = operation;
  return { operationId, action, ...address, userId, linkId, amount, paymentMethod, requestedAt: createdAt };
}
