import cors from "@koa/cors";
import type { Middleware } from "koa";

/**
 * Lets pages of the configured origins make widget calls; nobody else's page, and no other path. `*` is not understood:
 * an origin is named or it is not allowed.
 */
export function widgetCors(origins: readonly string[]): Middleware {
  return cors({
    origin: (context) => {
      const origin = context.get("Origin");
      return context.path.startsWith("/widget/") && origins.includes(origin) ? origin : "";
    },
    allowMethods: ["GET", "POST", "PUT"],
    allowHeaders: ["Authorization", "Content-Type", "Idempotency-Key", "X-Request-Id", "traceparent"],
    exposeHeaders: ["X-Request-Id", "Retry-After", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"],
    maxAge: 600,
    keepHeadersOnError: false,
  });
}
