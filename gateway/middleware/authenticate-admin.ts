import { createHash, timingSafeEqual } from "node:crypto";
import { RequestRefused, refuseProblems } from "../request-refused.ts";
import type { GatewayContext, Step } from "../state.ts";

const ACTOR = /^[A-Za-z0-9._-]{1,64}$/;
const UNNAMED = "admin";

/**
 * Admin routes need the admin key as X-Admin-Key: none or a wrong one is 401 UNAUTHORIZED, after the same time for every
 * wrong one. Where no admin key is set they do not exist: 404. X-Admin-Actor names the operator (1..64 letters, digits,
 * `._-`; `admin` when left out). Sets `state.operator`.
 */
export function authenticateAdmin(adminKey: string | null): Step {
  const expected = adminKey === null ? null : digest(adminKey);
  return (context, next) => {
    if (context.state.route?.access !== "admin") return next();
    if (expected === null) throw new RequestRefused("RESOURCE_NOT_FOUND");
    if (!timingSafeEqual(digest(context.get("X-Admin-Key")), expected)) {
      throw new RequestRefused("UNAUTHORIZED", { message: "Missing or wrong admin key. Provide X-Admin-Key." });
    }
    context.state.operator = operatorOf(context);
    return next();
  };
}

function operatorOf(context: GatewayContext): string {
  const named = context.get("X-Admin-Actor") || UNNAMED;
  const message = "The X-Admin-Actor must have 1 to 64 letters, digits, dots, dashes or underscores";
  if (!ACTOR.test(named)) refuseProblems([{ path: "X-Admin-Actor", code: "wrong_format", message }]);
  return named;
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
