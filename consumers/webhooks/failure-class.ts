import type { FailureClass } from "../../domain/webhook/verdict.ts";
import { RefusedAddress } from "./address-check.ts";

/** What has to be done before a request can be sent, in this order. Each is also the class of its failure. */
export type ConnectPhase = "dns" | "connect" | "tls";

/** No connection was made: what was tried last went wrong, or took too long. Nothing was sent. */
export class ConnectFailed extends Error {
  readonly phase: ConnectPhase;

  constructor(phase: ConnectPhase, options: { readonly cause: unknown }) {
    super(`no connection: ${phase} failed`, options);
    this.name = "ConnectFailed";
    this.phase = phase;
  }
}

/** A time limit of an attempt ran out. */
export class TimeLimitReached extends Error {
  constructor(timeoutMs: number) {
    super(`not done within ${timeoutMs} ms`);
    this.name = "TimeLimitReached";
  }
}

const LOST_CODES = [
  "ECONNRESET",
  "EPIPE",
  "ECONNABORTED",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_SOCKET",
];
/** A receiver may also refuse after the handshake: TLS 1.3 judges a client only then. */
const TLS_CODES = /^(ERR_TLS_|ERR_SSL_|EPROTO$)/;

/**
 * The class of the failure that an HTTP exchange ended in. Without a connection it is the phase that failed; afterwards
 * what the receiver's machine or the way to it did wrong has a class of its own, and whatever is left was no HTTP
 * (`protocol`).
 */
export function failureClassOf(error: unknown): FailureClass {
  if (error instanceof TimeLimitReached) return "timeout";
  if (error instanceof RefusedAddress) return "refused_address";
  if (error instanceof ConnectFailed) return error.phase;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (LOST_CODES.includes(code)) return "connection_lost";
  return TLS_CODES.test(code) ? "tls" : "protocol";
}
