/** Why an attempt failed. What a receiver answered starts with what it is; the rest never got an answer. */
export const FAILURE_CLASSES = [
  "timeout",
  "dns",
  "connect",
  "connection_lost",
  "tls",
  "refused_address",
  "refused_url",
  "protocol",
  "receiver_removed",
  "redirect",
  "gone",
  "http_4xx",
  "http_5xx",
  "http_other",
] as const;

export type FailureClass = (typeof FAILURE_CLASSES)[number];

/** What became of one attempt: a status line within the time limit and a body that ended in it, or no such answer. */
export type AttemptOutcome =
  | { readonly kind: "answered"; readonly statusCode: number }
  | { readonly kind: "unanswered"; readonly failureClass: FailureClass };

export type Verdict = { readonly kind: "delivered" } | { readonly kind: "failed"; readonly failureClass: FailureClass };

/**
 * What counts as delivered: 200 to 299 within the time limit (H4), nothing else. A redirect is a failure, because
 * following it would send the event where nobody asked for it. 410 has a name of its own: the receiver says for good.
 */
export function verdictOf(outcome: AttemptOutcome): Verdict {
  if (outcome.kind === "unanswered") return { kind: "failed", failureClass: outcome.failureClass };
  const { statusCode } = outcome;
  if (statusCode >= 200 && statusCode <= 299) return { kind: "delivered" };
  return { kind: "failed", failureClass: classOfStatus(statusCode) };
}

function classOfStatus(statusCode: number): FailureClass {
  if (statusCode === 410) return "gone";
  if (statusCode >= 300 && statusCode <= 399) return "redirect";
  if (statusCode >= 400 && statusCode <= 499) return "http_4xx";
  if (statusCode >= 500 && statusCode <= 599) return "http_5xx";
  return "http_other";
}
