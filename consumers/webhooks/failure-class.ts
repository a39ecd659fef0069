import type { FailureClass } from "../../domain/webhook/verdict.ts";
import { RefusedAddress } from "./address-check.ts";

/** The time limit of an attempt ran out, wherever it was: name, connect, TLS, headers or body. */
export class AttemptTimeout extends Error {
  constructor(timeoutMs: number) {
    super(`no complete answer within ${timeoutMs} ms`);
    this.name = "AttemptTimeout";
  }
}

const TIMEOUT_CODES = ["UND_ERR_CONNECT_TIMEOUT", "UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT", "ETIMEDOUT"];
const DNS_CODES = ["ENOTFOUND", "EAI_AGAIN", "EAI_FAIL", "EAI_NODATA", "EAI_NONAME", "ENODATA", "ESERVFAIL"];
const CONNECT_CODES = ["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "EHOSTDOWN", "ENETDOWN", "EADDRNOTAVAIL"];
const LOST_CODES = ["ECONNRESET", "EPIPE", "ECONNABORTED", "UND_ERR_SOCKET"];
const TLS_CODES =
  /^(ERR_TLS_|ERR_SSL_|CERT_|EPROTO$|DEPTH_ZERO_SELF_SIGNED_CERT$|SELF_SIGNED_CERT_IN_CHAIN$|UNABLE_TO_|INVALID_CA$|HOSTNAME_MISMATCH$)/;

/**
 * The class of the failure that an HTTP exchange ended in. What the receiver's machine or the way to it did wrong has a
 * class of its own; whatever is left was no HTTP (`protocol`).
 */
export function failureClassOf(error: unknown): FailureClass {
  if (error instanceof AttemptTimeout) return "timeout";
  if (error instanceof RefusedAddress) return "refused_address";
  const code = codeOf(error);
  if (TIMEOUT_CODES.includes(code)) return "timeout";
  if (DNS_CODES.includes(code)) return "dns";
  if (CONNECT_CODES.includes(code)) return "connect";
  if (LOST_CODES.includes(code)) return "connection_lost";
  return TLS_CODES.test(code) ? "tls" : "protocol";
}

/** An error that gathers one failure per address has the code of the first unless it has one itself. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  if ("code" in error && typeof error.code === "string") return error.code;
  return error instanceof AggregateError ? codeOf(error.errors[0]) : "";
}
