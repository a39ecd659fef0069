import type { Permission } from "../../storage/configuration/api-keys.ts";
import { RequestRefused } from "../request-refused.ts";
import type { Caller } from "../route.ts";
import type { Step } from "../state.ts";

/** A partner route needs its permission: a key without it gets 403 FORBIDDEN. */
export function permit(): Step {
  return (context, next) => {
    const { route, caller } = context.state;
    if (route?.access === "partner" && caller) requirePermission(caller, route.permission);
    return next();
  };
}

/** Throws FORBIDDEN, naming the permission, when the caller's key lacks it. */
export function requirePermission(caller: Caller, permission: Permission): void {
  if (caller.permissions.includes(permission)) return;
  throw new RequestRefused("FORBIDDEN", { message: `This key lacks the permission ${permission}` });
}
