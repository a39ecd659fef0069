import { canonicalForm } from "../user/canonical.ts";
import type { FieldValue, Path, Source } from "../user/fields.ts";
import { type Winner, winnersOf } from "../user/precedence.ts";
import type { User } from "../user/user.ts";
import type { CipAttempt } from "./attempt.ts";

/**
 * D7: what counts now, frozen for an attempt, with the origin of each value. The payment method is no part of an
 * identity check.
 */
export function freezeEvidence(user: User): Pick<CipAttempt, "evidence" | "evidenceValues" | "notApplicable"> {
  const winners = (Object.entries(winnersOf(user)) as [Path, Winner][]).filter(([path]) => path !== "paymentMethod");
  const fields: { [path in Path]?: { source: Source; sequence: number } } = {};
  const evidenceValues: { [path in Path]?: FieldValue } = {};
  for (const [path, { source, assertion, value }] of winners) {
    fields[path] = { source, sequence: assertion.sequence };
    if (value !== null) evidenceValues[path] = value;
  }
  const notApplicable = winners.filter(([, { value }]) => value === null).map(([path]) => path);
  const lines = winners.map(([path, { value }]) => `${path}=${value === null ? "" : canonicalForm(path, value)}`);
  return { evidence: { fields, fingerprint: fingerprint(lines.join("\n")) }, evidenceValues, notApplicable };
}

/** FNV-1a, 64 bits, as 16 hex digits: rules use no packages, and this only tells equal from different. */
function fingerprint(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const character of text) {
    hash ^= BigInt(character.codePointAt(0) ?? 0);
    hash = (hash * 0x100000001b3n) & 0xffffffffffffffffn;
  }
  return hash.toString(16).padStart(16, "0");
}
