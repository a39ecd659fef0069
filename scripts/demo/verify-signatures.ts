import { createHmac, timingSafeEqual } from "node:crypto";

/** A webhook request as it came over the wire; header names are in small letters. */
export interface SignedRequest {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

const TOLERANCE_SECONDS = 300;
const SECRET_PREFIX = "whsec_";

/**
 * Both signatures of a webhook, checked as a partner would who only has the documentation: nothing of the server's own
 * code is used. Returns what is wrong, or null when the request is genuine and recent.
 */
export function signatureFault(request: SignedRequest, secret: string, nowMs: number): string | null {
  return documentedFault(request, secret, nowMs) ?? standardFault(request, secret, nowMs);
}

/** `X-M2M-Signature: sha256=<hex of HMAC-SHA256(secret, X-M2M-Timestamp + "." + body)>`; the key is the whole secret. */
function documentedFault({ headers, body }: SignedRequest, secret: string, nowMs: number): string | null {
  const timestamp = text(headers["x-m2m-timestamp"]);
  if (!isRecent(timestamp, nowMs)) return "X-M2M-Timestamp is missing or not of these minutes";
  const expected = `sha256=${createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex")}`;
  return isSame(text(headers["x-m2m-signature"]), expected) ? null : "X-M2M-Signature does not fit the body";
}

/** Standard Webhooks: `v1,<base64>` among others, over id, timestamp and body; the key is what the secret decodes to. */
function standardFault({ headers, body }: SignedRequest, secret: string, nowMs: number): string | null {
  const id = text(headers["webhook-id"]);
  const timestamp = text(headers["webhook-timestamp"]);
  if (id === "" || !isRecent(timestamp, nowMs))
    return "webhook-id or webhook-timestamp is missing or not of these minutes";
  const key = Buffer.from(secret.slice(SECRET_PREFIX.length), "base64");
  const expected = `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
  const signatures = text(headers["webhook-signature"]).split(" ");
  return signatures.some((signature) => isSame(signature, expected)) ? null : "webhook-signature does not fit the body";
}

function isRecent(timestamp: string, nowMs: number): boolean {
  return /^\d{10}$/.test(timestamp) && Math.abs(nowMs / 1000 - Number(timestamp)) <= TOLERANCE_SECONDS;
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.byteLength === b.byteLength && timingSafeEqual(a, b);
}

function text(header: string | readonly string[] | undefined): string {
  return typeof header === "string" ? header : "";
}
