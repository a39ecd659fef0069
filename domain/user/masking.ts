import type { FieldValue, Path, PaymentMethod } from "./fields.ts";

/** A value as it may be shown without the pii:read permission (api.md section 3); images are never shown at all. */
export function maskValue(path: Path, value: FieldValue): unknown {
  if (typeof value === "string") {
    if (path === "idNumber") return maskText(value);
    return path === "dob" ? `${value.slice(0, 4)}-**-**` : value;
  }
  return "type" in value ? maskPaymentMethod(value) : revealValue(value);
}

/** A value as it may be shown with the pii:read permission: an image is only its hash and size. */
export function revealValue(value: FieldValue): unknown {
  if (typeof value === "string" || "type" in value) return value;
  return { sha256: value.sha256, sizeInBytes: value.sizeInBytes };
}

/** A payment method with the account number masked to its last four characters. */
export function maskPaymentMethod(method: PaymentMethod): PaymentMethod {
  switch (method.type) {
    case "bank_account":
      return {
        type: "bank_account",
        bankAccount: { ...method.bankAccount, accountNumber: maskText(method.bankAccount.accountNumber) },
      };
    case "card":
      return { type: "card", card: { ...method.card, token: maskText(method.card.token) } };
    case "cash":
      return method;
    default:
      return method satisfies never;
  }
}

/** The last four characters; of a text so short that four would be most of it, fewer. */
function maskText(text: string): string {
  const shown = Math.min(4, Math.floor(text.length / 2));
  return "*".repeat(text.length - shown) + text.slice(text.length - shown);
}
