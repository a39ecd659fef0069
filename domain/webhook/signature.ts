import { createHmac } from "node:crypto";

const SECRET_FORM = /^whsec_((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/;
const SECRET_PREFIX = "whsec_";

/** What is signed. `timestampSeconds` is the time of this attempt; `id` is the event's and never changes. */
export interface SignedMessage {
  readonly id: string;
  readonly timestampSeconds: number;
  readonly body: string;
}

/** A secret that is not `whsec_` and base64. The message never shows it. */
export class MalformedSecret extends Error {
  constructor() {
    super("a webhook secret must be whsec_ followed by base64");
    this.name = "MalformedSecret";
  }
}

/**
 * The documented signature, X-M2M-Signature: `sha256=` and the lower-case hex HMAC-SHA256 of timestamp, dot, body.
 * The key is the whole text of the secret, prefix included; only the newest secret signs.
 */
export function m2mSignature(secret: string, { timestampSeconds, body }: SignedMessage): string {
  const mac = createHmac("sha256", secret).update(`${timestampSeconds}.${body}`).digest("hex");
  return `sha256=${mac}`;
}

/**
 * The Standard Webhooks signature, webhook-signature: `v1,` and base64 of the HMAC-SHA256 of id, dot, timestamp, dot,
 * body, once for each live secret, separated by spaces. The key is the bytes that the secret's base64 stands for.
 * @throws MalformedSecret
 */
export function standardSignature(secrets: readonly string[], { id, timestampSeconds, body }: SignedMessage): string {
  const content = `${id}.${timestampSeconds}.${body}`;
  return secrets
    .map((secret) => `v1,${createHmac("sha256", secretBytes(secret)).update(content).digest("base64")}`)
    .join(" ");
}

function secretBytes(secret: string): Buffer {
  if (!SECRET_FORM.test(secret) || secret === SECRET_PREFIX) throw new MalformedSecret();
  return Buffer.from(secret.slice(SECRET_PREFIX.length), "base64");
}
