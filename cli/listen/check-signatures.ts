import { timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { m2mSignature, standardSignature } from "../../domain/webhook/signature.ts";

/** A webhook as it came over the wire. */
export interface ReceivedWebhook {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const TOLERANCE_SECONDS = 300;

/** What is wrong with the two signatures of a webhook, or null when both fit and it is of these minutes. */
export function signatureProblem({ headers, body }: ReceivedWebhook, secret: string, nowMs: number): string | null {
  const documented = text(headers["x-m2m-timestamp"]);
  const standard = text(headers["webhook-timestamp"]);
  const id = text(headers["webhook-id"]);
  if (!isRecent(documented, nowMs)) return "X-M2M-Timestamp is missing or not of these minutes";
  if (!isRecent(standard, nowMs)) return "webhook-timestamp is missing or not of these minutes";
  const expected = m2mSignature(secret, { id, timestampSeconds: Number(documented), body });
  if (!isSame(text(headers["x-m2m-signature"]), expected)) return "X-M2M-Signature does not fit";
  const own = standardSignature([secret], { id, timestampSeconds: Number(standard), body });
  // While a secret is being replaced there is one signature for each.
  const isSigned = text(headers["webhook-signature"])
    .split(" ")
    .some((one) => isSame(one, own));
  return isSigned ? null : "webhook-signature does not fit";
}

function isRecent(timestamp: string, nowMs: number): boolean {
  return /^\d{10}$/.test(timestamp) && Math.abs(nowMs / 1_000 - Number(timestamp)) <= TOLERANCE_SECONDS;
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.byteLength === b.byteLength && timingSafeEqual(a, b);
}

function text(header: string | readonly string[] | undefined): string {
  return typeof header === "string" ? header : "";
}
