import type { PartnerSettings } from "../partner.ts";
import { type Refusal, refusal } from "../refusals.ts";
import type { Values } from "./fields.ts";

/** A9 for what depends on the partner: a kind of payment method that it does not offer refuses the whole request. */
export function refuseUserData(values: Values, settings: PartnerSettings): Refusal | null {
  const method = values.paymentMethod;
  if (method === undefined || typeof method === "string" || !("type" in method)) return null;
  if (settings.allowedPaymentMethods.includes(method.type)) return null;
  const message = `userData.paymentMethod.type must be one of: ${settings.allowedPaymentMethods.join(", ")}`;
  const problem = { path: "userData.paymentMethod.type", code: "not_allowed", message };
  return refusal("INVALID_REQUEST", { details: [problem] }, message);
}
