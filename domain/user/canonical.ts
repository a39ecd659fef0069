import type { FieldValue, Path } from "./fields.ts";

/**
 * A5: the form in which two words of the same source are compared: Unicode NFC, trimmed, inner spaces collapsed;
 * idNumber in capitals without separators; an image is what its hash says. Only for comparing; what was sent is what is
 * stored (P7).
 */
export function canonicalForm(path: Path, value: FieldValue): string {
  if (typeof value !== "string" && "sha256" in value) return value.sha256;
  if (typeof value !== "string") return JSON.stringify(sortedByKey(value));
  const plain = value.normalize("NFC").trim().replace(/\s+/gu, " ");
  return path === "idNumber" ? plain.toUpperCase().replace(/[^\p{L}\p{N}]/gu, "") : plain;
}

function sortedByKey(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sortedByKey(inner)]),
  );
}
