import { createHmac } from "node:crypto";

/** What is signed of a webhook. */
export interface Signed {
  readonly secret: string;
  /** Unix seconds, as the header has them. */
  readonly timestamp: string;
  readonly id: string;
  readonly body: string;
}

/** X-M2M-Signature as documented: hex HMAC-SHA256 of `timestamp.body`; the key is the whole secret as it was shown. */
export function documentedSignature({ secret, timestamp, body }: Signed): string {
  return `sha256=${createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex")}`;
}

/** One signature of webhook-signature (Standard Webhooks): over `id.timestamp.body`; the key is what the secret decodes to. */
export function standardSignature({ secret, timestamp, id, body }: Signed): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
}
