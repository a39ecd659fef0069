import { ERRORS, type ErrorCode, type ErrorRow } from "../../gateway/http-errors.ts";
import type { Route } from "../../gateway/route.ts";
import { pathOf } from "./path-parameters.ts";

/** Methods whose body the gateway reads. */
export const WITH_BODY: readonly string[] = ["POST", "PUT", "PATCH"];

/**
 * Every error code that a route can answer with, by status: its own, those of its access, and those of reading a body or
 * waiting for a command. 405 belongs to a path, not to a route, and is left out.
 */
export function errorsOf(route: Route): ReadonlyMap<number, readonly ErrorCode[]> {
  const codes = new Set<ErrorCode>([
    ...route.describe.errors,
    ...ofAccess(route),
    ...ofBody(route),
    ...(route.method === "GET" ? [] : (["INVALID_REQUEST"] as const)),
    ...(hasParameters(route) ? (["RESOURCE_NOT_FOUND"] as const) : []),
    ...(route.describe.isCommand ? (["IDEMPOTENCY_KEY_REUSED", "OUTCOME_UNKNOWN"] as const) : []),
    ...(route.access === "public" ? [] : (["INTERNAL_ERROR", "UNAVAILABLE"] as const)),
  ]);
  const known = (Object.keys(ERRORS) as readonly ErrorCode[]).filter((code) => codes.has(code));
  const byStatus = new Map<number, readonly ErrorCode[]>();
  for (const code of known) {
    const { status }: ErrorRow = ERRORS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return new Map([...byStatus].sort(([a], [b]) => a - b));
}

function ofAccess({ access }: Route): readonly ErrorCode[] {
  switch (access) {
    case "partner":
      return ["UNAUTHORIZED", "INVALID_API_KEY", "FORBIDDEN", "PARTNER_SUSPENDED", "RATE_LIMIT_EXCEEDED"];
    case "widget":
      return ["UNAUTHORIZED", "RATE_LIMIT_EXCEEDED"];
    case "admin":
      return ["UNAUTHORIZED", "RESOURCE_NOT_FOUND", "INVALID_REQUEST", "RATE_LIMIT_EXCEEDED"];
    case "public":
      return [];
    default:
      return access satisfies never;
  }
}

function ofBody({ method }: Route): readonly ErrorCode[] {
  return WITH_BODY.includes(method) ? ["PAYLOAD_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE"] : [];
}

function hasParameters(route: Route): boolean {
  return pathOf(route).includes("{");
}
