import { beginChange, type Change } from "../change.ts";
import type { ConfirmOperation } from "../commands.ts";
import type { Decision, DecisionContext, UserRecord } from "../decision.ts";
import { findLink, refuseStep } from "../link/find.ts";
import { markInProgress } from "../link/progress.ts";
import type { Corridor } from "../partner.ts";
import { type Refusal, refusal } from "../refusals.ts";
import type { PaymentMethod } from "../user/fields.ts";
import { winnerOf } from "../user/precedence.ts";
import { isReverificationOverdue } from "../user/verification.ts";
import { operationFacts } from "./facts.ts";
import { compareDecimals, isDecimal, multiplyToCents, toCents } from "./money.ts";
import type { Operation } from "./operation.ts";
import { isOpen } from "./states.ts";

/**
 * J1–J3, C8: the user confirms a transfer; from here on the link can neither expire nor be revoked. Refused with
 * OPERATION_EXISTS while one is open, NOT_VERIFIED, PAYMENT_METHOD_REQUIRED, or INVALID_REQUEST for the amount.
 */
export function confirmOperation(command: ConfirmOperation, record: UserRecord, context: DecisionContext): Decision {
  const change = beginChange(command, record, context);
  const link = findLink(record, command.payload.linkId);
  if ("code" in link) return { outcome: "refused", refusal: link };
  const refused = refuseStep(link, change.at) ?? refuseTransfer(change, link.linkId);
  if (refused !== null) return { outcome: "refused", refusal: refused };
  const quote = quoteFor(command, context.partner.settings.corridors);
  if ("code" in quote) return { outcome: "refused", refusal: quote };
  markInProgress(change, link);
  const operation = newOperation(change, command, quote);
  change.emit({
    type: "operation.created",
    data: operationFacts(operation, change.user()),
    private: { operation, seen: null },
  });
  change.require({ kind: "request_operation", operationId: operation.operationId, action: "execute" });
  return change.applied({ kind: "operation_created", operation: operationFacts(operation, change.user()) });
}

function refuseTransfer(change: Change, linkId: string): Refusal | null {
  const open = change.record().operations.find((candidate) => candidate.linkId === linkId && isOpen(candidate.status));
  if (open !== undefined) return refusal("OPERATION_EXISTS", { operationId: open.operationId, status: open.status });
  const isVerified = change.user().state === "cip_verified" && !isReverificationOverdue(change.user(), change.at);
  if (!isVerified) return refusal("NOT_VERIFIED");
  return paymentMethodOf(change) === null ? refusal("PAYMENT_METHOD_REQUIRED") : null;
}

function paymentMethodOf(change: Change): PaymentMethod | null {
  const value = winnerOf(change.user(), "paymentMethod")?.value ?? null;
  return value !== null && typeof value !== "string" && "type" in value ? value : null;
}

/** J1: the corridor must be offered and the amount lie within its limits. */
function quoteFor({ payload }: ConfirmOperation, corridors: readonly Corridor[]): Corridor | Refusal {
  const { send, currency } = payload;
  const corridor = corridors.find(
    ({ source, destination }) => source === currency.source && destination === currency.destination,
  );
  if (corridor === undefined) {
    const offered = corridors.map(({ source, destination }) => `${source}-${destination}`).join(", ") || "none";
    return invalid("amount.currency", "not_offered", `amount.currency must be an offered corridor: ${offered}`);
  }
  if (!isDecimal(send, 2) || compareDecimals(send, "0") <= 0) {
    return invalid("amount.send", "out_of_range", "amount.send must be more than 0 with at most 2 decimals");
  }
  const { minimumSend, maximumSend, source } = corridor;
  if (compareDecimals(send, minimumSend) < 0 || compareDecimals(send, maximumSend) > 0) {
    const message = `amount.send must be between ${minimumSend} and ${maximumSend} ${source}`;
    return invalid("amount.send", "out_of_range", message);
  }
  return corridor;
}

function invalid(path: string, code: string, message: string): Refusal {
  return refusal("INVALID_REQUEST", { details: [{ path, code, message }] }, message);
}

/** J3: payment method, amount, rate, fee and receive are frozen; the payment system may correct them later. */
function newOperation(change: Change, { payload }: ConfirmOperation, { rate, fee }: Corridor): Operation {
  const paymentMethod = paymentMethodOf(change);
  if (paymentMethod === null) throw new Error("an operation without a payment method");
  const { linkId, send, currency } = payload;
  return {
    operationId: change.context.newId("op"),
    linkId,
    status: "created",
    amount: { send: toCents(send), receive: multiplyToCents(send, rate), rate, fee: toCents(fee), currency },
    paymentMethod,
    createdAt: change.at,
    processingAt: null,
    completedAt: null,
    failedAt: null,
    cancelledAt: null,
    failureReason: null,
    isHeldForReview: false,
    updates: [],
  };
}
