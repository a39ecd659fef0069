import { createHmac, timingSafeEqual } from "node:crypto";

const TOLERANCE_SECONDS = 300;

/**
 * X-M2M-Signature. `headers` have lower-case names, `body` is the Buffer as it came in, `secrets` are all that you hold:
 * two while you rotate. `now` is in Unix seconds.
 */
export function isDocumentedSignatureValid({ headers, body, secrets, now = Date.now() / 1000 }) {
  const timestamp = headers["x-m2m-timestamp"] ?? "";
  const signature = headers["x-m2m-signature"] ?? "";
  if (!isRecent(timestamp, now)) return false;
  return secrets.some((secret) => {
    const mac = createHmac("sha256", secret).update(`${timestamp}.`).update(body).digest("hex");
    return isSame(`sha256=${mac}`, signature);
  });
}

/** webhook-signature, as Standard Webhooks has it: one signature per live secret, separated by spaces. */
export function isStandardSignatureValid({ headers, body, secrets, now = Date.now() / 1000 }) {
  const id = headers["webhook-id"] ?? "";
  const timestamp = headers["webhook-timestamp"] ?? "";
  const signatures = (headers["webhook-signature"] ?? "").split(" ");
  if (!isRecent(timestamp, now)) return false;
  return secrets.some((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
    const mac = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest("base64");
    return signatures.some((signature) => isSame(`v1,${mac}`, signature));
  });
}

function isRecent(timestamp, now) {
  return /^\d{1,12}$/.test(timestamp) && Math.abs(now - Number(timestamp)) <= TOLERANCE_SECONDS;
}

/** Takes the same time wherever the two differ. */
function isSame(expected, given) {
  const [left, right] = [Buffer.from(expected), Buffer.from(given)];
  return left.length === right.length && timingSafeEqual(left, right);
}
