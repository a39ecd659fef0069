import { REFUSALS, type RefusalCode } from "../domain/refusals.ts";

/** What a code means over HTTP. */
export interface ErrorRow {
  readonly status: number;
  /** The sentence that the caller gets when nothing more precise is known. */
  readonly message: string;
  readonly when: string;
}

/** Every error code of the HTTP API with its status: the only place that knows the numbers. Printed as docs/errors.md. */
export const ERRORS = {
  UNAUTHORIZED: {
    status: 401,
    message: "Missing authentication. Provide X-API-Key or Bearer token.",
    when: "No key was sent; on widget calls: no link token, or a wrong one.",
  },
  INVALID_API_KEY: {
    status: 401,
    message: "Invalid or revoked API key",
    when: "The key is unknown, malformed or revoked.",
  },
  FORBIDDEN: {
    status: 403,
    message: "This key lacks a permission",
    when: "The key is valid but lacks a permission, which the message names.",
  },
  PARTNER_SUSPENDED: domain("PARTNER_SUSPENDED", 403, "The key's partner is suspended."),
  INVALID_REQUEST: domain(
    "INVALID_REQUEST",
    400,
    "Something in the request is wrong: the message names the first problem, details[] all of them.",
  ),
  REFERENCE_ID_MISMATCH: domain(
    "REFERENCE_ID_MISMATCH",
    400,
    "The referenceId of an answer is not that of its data request; the true one is never revealed.",
  ),
  RESOURCE_NOT_FOUND: domain("RESOURCE_NOT_FOUND", 404, "Absent, or another partner's; also an unknown path."),
  METHOD_NOT_ALLOWED: {
    status: 405,
    message: "This method is not allowed here",
    when: "The path exists, with other methods; the Allow header lists them.",
  },
  ACTIVE_LINK_EXISTS: domain(
    "ACTIVE_LINK_EXISTS",
    409,
    "The user has an active link; existingLinkId and existingLink tell which.",
  ),
  LINK_REVOKED: domain("LINK_REVOKED", 409, "The link that this would act on was revoked."),
  LINK_NOT_REVOCABLE: domain("LINK_NOT_REVOCABLE", 409, "Only created and opened links can be revoked; see status."),
  LINK_NOT_OPEN: domain(
    "LINK_NOT_OPEN",
    409,
    "A widget step before the link was opened, or after it ended; see status.",
  ),
  OPERATION_EXISTS: domain("OPERATION_EXISTS", 409, "The link has an open operation; see operationId."),
  OPERATION_NOT_CANCELLABLE: domain(
    "OPERATION_NOT_CANCELLABLE",
    409,
    "The transfer is being processed or over; see status.",
  ),
  OPERATION_NOT_RESOLVABLE: domain("OPERATION_NOT_RESOLVABLE", 409, "The operation has ended already; see status."),
  PAYMENT_METHOD_REQUIRED: domain("PAYMENT_METHOD_REQUIRED", 409, "A transfer was confirmed without a payment method."),
  NOT_VERIFIED: domain("NOT_VERIFIED", 409, "A transfer was confirmed before the identity check passed."),
  CIP_IN_PROGRESS: domain("CIP_IN_PROGRESS", 409, "The identity check is running; wait for its result."),
  CIP_NOT_READY: domain("CIP_NOT_READY", 409, "Data is missing for the identity check; see missingFields."),
  CIP_ATTEMPTS_EXHAUSTED: domain("CIP_ATTEMPTS_EXHAUSTED", 409, "No attempt of the identity check is left."),
  CIP_FAILED_FINAL: domain(
    "CIP_FAILED_FINAL",
    409,
    "The identity check failed for good; only an operator can lift it.",
  ),
  STEP_OUT_OF_DATE: domain("STEP_OUT_OF_DATE", 409, "A widget page wrote over a newer version; reload the session."),
  IDEMPOTENCY_KEY_REUSED: {
    status: 409,
    message: "This Idempotency-Key was used with another body",
    when: "The same Idempotency-Key came with another body within 24 hours.",
  },
  PARTNER_EXISTS: {
    status: 409,
    message: "There is a partner with this slug already",
    when: "An operator makes a partner whose slug is taken.",
  },
  PARKED_SETTLED: {
    status: 409,
    message: "This parked message was replayed or dropped before",
    when: "An operator settles a parked message that is settled.",
  },
  NOT_REPLAYABLE: {
    status: 409,
    message: "This message does not fit its topic's schema; drop it, and send what was meant",
    when: "An operator replays a parked message that no consumer could read.",
  },
  ENDPOINT_DISABLED: {
    status: 409,
    message: "This webhook endpoint is disabled; enable it with PATCH and status enabled first",
    when: "A test, a recovery or a replay is asked of an endpoint that is disabled.",
  },
  NO_RECEIVER: {
    status: 409,
    message: "Nobody would receive this event: no endpoint subscribes to it, and its link has no callbackUrl",
    when: "An event is to be sent again that no endpoint and no callbackUrl would receive.",
  },
  REPLAY_ENDED: {
    status: 409,
    message: "This replay has ended; begin another one",
    when: "A replay that is done or cancelled is paused, resumed or cancelled; see status.",
  },
  LINK_EXPIRED: domain("LINK_EXPIRED", 410, "The link, or the link of the data request, has expired."),
  PAYLOAD_TOO_LARGE: {
    status: 413,
    message: "The body is too large",
    when: "The body is over 256 KiB, or over 9 MiB where userData may carry idImage.",
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    message: "The Content-Type must be application/json",
    when: "A body was sent as anything but plain JSON in UTF-8.",
  },
  RATE_LIMIT_EXCEEDED: {
    status: 429,
    message: "Too many requests; wait as long as Retry-After says",
    when: "More requests in this minute than the partner may send.",
  },
  INTERNAL_ERROR: domain("INTERNAL_ERROR", 500, "An error of ours; quote the requestId."),
  UNAVAILABLE: {
    status: 503,
    message: "We cannot take this request now; nothing was accepted. Try again",
    when: "A system behind us is away and nothing was accepted; see Retry-After.",
  },
  OUTCOME_UNKNOWN: {
    status: 503,
    message: "It is not known whether this was accepted. Retry with the same Idempotency-Key, or read the command",
    when: "The command was sent but not acknowledged in time; see commandId and Retry-After.",
  },
} as const satisfies { readonly [code in RefusalCode]: ErrorRow } & Readonly<Record<string, ErrorRow>>;

export type ErrorCode = keyof typeof ERRORS;

/** Seconds after which trying again makes sense when a system behind us is away: the Retry-After of a 503. */
export const RETRY_AFTER_SECONDS = "2";

function domain<Code extends RefusalCode>(code: Code, status: number, when: string): ErrorRow {
  return { status, message: REFUSALS[code], when };
}
