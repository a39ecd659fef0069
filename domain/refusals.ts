import type { LinkStatus } from "./link/link.ts";
import type { OperationStatus } from "./operation/operation.ts";
import type { Path } from "./user/fields.ts";

/** Every way in which a command can be refused, once, with the sentence that the caller gets. */
export const REFUSALS = {
  INVALID_REQUEST: "The request is not valid",
  RESOURCE_NOT_FOUND: "Resource not found",
  PARTNER_SUSPENDED: "Partner account is suspended or not found",
  ACTIVE_LINK_EXISTS: "User already has an active link",
  LINK_EXPIRED: "This link has expired",
  LINK_REVOKED: "This link was revoked",
  LINK_NOT_REVOCABLE: "This link cannot be revoked in its current status",
  LINK_NOT_OPEN: "Open the link first: this step is not possible in its current status",
  OPERATION_EXISTS: "This link already has an open operation",
  OPERATION_NOT_CANCELLABLE: "This operation cannot be cancelled in its current status",
  OPERATION_NOT_RESOLVABLE: "This operation cannot be resolved in its current status",
  PAYMENT_METHOD_REQUIRED: "The user has no payment method yet; provide one first",
  NOT_VERIFIED: "The user's identity is not verified yet",
  CIP_IN_PROGRESS: "The identity check is already running",
  CIP_NOT_READY: "Data is missing for the identity check",
  CIP_ATTEMPTS_EXHAUSTED: "All attempts of the identity check are used up",
  CIP_FAILED_FINAL: "The identity check failed for good",
  REFERENCE_ID_MISMATCH: "The referenceId does not match this data request",
  STEP_OUT_OF_DATE: "This page is out of date; reload it and try again",
  INTERNAL_ERROR: "Something went wrong on our side",
} as const;

export type RefusalCode = keyof typeof REFUSALS;

/** One problem of the input, with the path of the body it concerns. */
export interface Problem {
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

/** What goes with a code, so that the caller knows the way out. */
export interface RefusalFacts {
  readonly existingLinkId?: string;
  readonly existingLink?: { readonly status: LinkStatus; readonly expiresAt: string };
  readonly status?: LinkStatus | OperationStatus;
  readonly missingFields?: readonly Path[];
  readonly operationId?: string;
  readonly details?: readonly Problem[];
}

/** A refusal is a value; it changes nothing (P6). */
export interface Refusal {
  readonly code: RefusalCode;
  readonly message: string;
  readonly facts: RefusalFacts;
}

/** Makes a refusal with the code's own sentence, or with a more precise one. */
export function refusal(code: RefusalCode, facts: RefusalFacts = {}, message: string = REFUSALS[code]): Refusal {
  return { code, message, facts };
}
