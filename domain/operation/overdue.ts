import type { PartnerSettings } from "../partner.ts";
import { addMinutes, isBefore } from "../time.ts";
import type { Operation } from "./operation.ts";
import { isOpen } from "./states.ts";

/** J6: a transfer whose outcome is not known after the partner's `operationOverdueMinutes`; shown, never resolved. */
export function isOverdueOperation(
  { status, createdAt }: Pick<Operation, "status" | "createdAt">,
  settings: PartnerSettings,
  now: string,
): boolean {
  return isOpen(status) && !isBefore(now, addMinutes(createdAt, settings.operationOverdueMinutes));
}
