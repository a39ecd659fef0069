import type { Problem, Refusal, RefusalFacts } from "../domain/refusals.ts";
import type { ReplayState } from "../domain/webhook/replay.ts";
import { ERRORS, type ErrorCode } from "./http-errors.ts";

/** What stands beside code and message in `error`. */
export interface ErrorFacts extends Omit<RefusalFacts, "status"> {
  readonly commandId?: string;
  readonly status?: RefusalFacts["status"] | ReplayState;
}

export interface RefusedRequest {
  readonly message?: string;
  readonly facts?: ErrorFacts;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** A request ends here with an error of the API; the error envelope turns it into the answer. */
export class RequestRefused extends Error {
  readonly code: ErrorCode;
  readonly facts: ErrorFacts;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ErrorCode, { message, facts = {}, headers = {}, cause }: RefusedRequest = {}) {
    super(message ?? ERRORS[code].message, cause === undefined ? {} : { cause });
    this.name = "RequestRefused";
    this.code = code;
    this.facts = facts;
    this.headers = headers;
  }
}

const MOST_DETAILS = 100;

/**
 * Throws INVALID_REQUEST when there are problems: the message is the first one's, `details` has them all (A9), up to a
 * hundred.
 */
export function refuseProblems(problems: readonly Problem[]): void {
  const [first] = problems;
  if (first === undefined) return;
  throw new RequestRefused("INVALID_REQUEST", {
    message: first.message,
    facts: { details: problems.slice(0, MOST_DETAILS) },
  });
}

/** A refusal of the rules, as the error of a request. */
export function refusedBy({ code, message, facts }: Refusal): RequestRefused {
  return new RequestRefused(code, { message, facts });
}

/** The resource is absent or another partner's; nobody learns which. */
export function notFound(): RequestRefused {
  return new RequestRefused("RESOURCE_NOT_FOUND");
}
