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
  "parked_too_long",
  "redirect",
  "gone",
  "http_4xx",
  "http_5xx",
  "http_other",
] as const;

export type FailureClass = (typeof FAILURE_CLASSES)[number];

/** What each class means, for the partner whose receiver it was, with the way out. */
export const FAILURE_SENTENCES: { readonly [failure in FailureClass]: string } = {
  timeout: "No complete answer came within 30 seconds; answer first, then do the work",
  dns: "The host name could not be resolved within 5 seconds; look at its records and its name servers",
  connect: "No connection could be made within 5 seconds; nothing listens there, or a firewall refuses",
  connection_lost: "The connection broke off before the answer was complete",
  tls: "The TLS handshake failed or took longer than 5 seconds; look at the certificate, its chain and its names",
  refused_address: "The host name leads to an address that is not public; webhooks go to public addresses only",
  refused_url: "The URL is not one that webhooks may go to; it must be https",
  protocol: "The answer was not HTTP/1.1",
  receiver_removed: "The endpoint was deleted before this could be sent",
  parked_too_long:
    "The receiver was away, or its endpoint not enabled, for so long that this was given up; send it again",
  redirect: "The answer was a redirect, which is not followed; set the endpoint's url to where it leads",
  gone: "The answer was 410: the receiver says that it wants no more",
  http_4xx: "The answer was a status from 400 to 499; only 200 to 299 count as received",
  http_5xx: "The answer was a status from 500 to 599",
  http_other: "The answer was a status that means neither success nor failure; only 200 to 299 count as received",
};

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
