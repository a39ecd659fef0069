import { createHash } from "node:crypto";
import canonicalize from "canonicalize";

/**
 * SHA-256 (hex) over a body in canonical form (RFC 8785): key order and spacing do not matter, everything else does.
 * The body must have passed `readJson`, which refuses what has no canonical form.
 */
export function canonicalHash(body: unknown): string {
  return createHash("sha256")
    .update(canonicalize(body) ?? "")
    .digest("hex");
}
