import { createHmac, createSecretKey, hkdfSync } from "node:crypto";
import { canonicalForm } from "../domain/user/canonical.ts";
import { winnerOf } from "../domain/user/precedence.ts";
import type { User } from "../domain/user/user.ts";

/** Null while nobody has said an idNumber. */
export type IdentityHash = (user: Pick<User, "partner" | "environment" | "assertions" | "values">) => string | null;

/**
 * B11: the same for two users of a partner and environment whose idNumber (and dob, where one is known) are the same, and
 * nothing to anybody without the server's secret: a key of its own, derived from it.
 */
export function createIdentityHash(serverSecret: string): IdentityHash {
  const key = createSecretKey(Buffer.from(hkdfSync("sha256", serverSecret, "", "m2m identity of a user", 32)));
  return (user) => {
    const idNumber = winnerOf(user, "idNumber")?.value ?? null;
    if (idNumber === null) return null;
    const dob = winnerOf(user, "dob")?.value ?? null;
    const identity = [
      user.partner,
      user.environment,
      canonicalForm("idNumber", idNumber),
      dob === null ? null : canonicalForm("dob", dob),
    ];
    return createHmac("sha256", key).update(JSON.stringify(identity)).digest("base64url");
  };
}
