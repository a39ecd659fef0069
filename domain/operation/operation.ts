import type { PaymentMethod } from "../user/fields.ts";

export const OPERATION_STATUSES = ["created", "processing", "completed", "failed", "cancelled"] as const;

export type OperationStatus = (typeof OPERATION_STATUSES)[number];

/** Money is decimal text with at most the stated digits; it is never a float (J3). */
export interface Amount {
  readonly send: string;
  readonly receive: string;
  readonly rate: string;
  readonly fee: string;
  readonly currency: { readonly source: string; readonly destination: string };
}

/** What the payment system says of an operation, as it arrived. */
export interface OperationUpdate {
  readonly operationId: string;
  readonly provider: string;
  readonly providerEventId: string;
  readonly status: "processing" | "completed" | "failed" | "cancelled";
  readonly amount: Partial<Omit<Amount, "currency">> | null;
  readonly failureReason: string | null;
  readonly occurredAt: string;
}

/**
 * What was said of an operation, and what became of it: by the payment system (J4), by the user who wants it cancelled
 * (`requested`, J5), or by an operator (J6).
 */
export interface SeenUpdate {
  readonly provider: string;
  readonly providerEventId: string;
  readonly status: OperationUpdate["status"];
  readonly at: string;
  readonly effect: "applied" | "recorded" | "held_for_review" | "requested";
}

export interface Operation {
  readonly operationId: string;
  readonly linkId: string;
  readonly status: OperationStatus;
  readonly amount: Amount;
  /** The winning payment method at the moment of confirmation (J3). */
  readonly paymentMethod: PaymentMethod;
  readonly createdAt: string;
  readonly processingAt: string | null;
  readonly completedAt: string | null;
  readonly failedAt: string | null;
  readonly cancelledAt: string | null;
  readonly failureReason: string | null;
  /** Two different final outcomes arrived; the first stays, a person has to look (J4). */
  readonly isHeldForReview: boolean;
  readonly updates: readonly SeenUpdate[];
}
