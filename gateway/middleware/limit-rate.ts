import type { Metrics } from "../../runtime/metrics.ts";
import type { CountRequest } from "../rate-limits.ts";
import { RequestRefused } from "../request-refused.ts";
import type { GatewayState, Step } from "../state.ts";

export interface RateLimit {
  readonly count: CountRequest;
  /** What a partner may do per minute unless its settings say otherwise. */
  readonly linksPerMinute: number;
  readonly requestsPerMinute: number;
  readonly metrics: Pick<Metrics, "rateLimited">;
}

/**
 * Limits requests per minute: new links apart from everything else, per partner and environment; widget calls per link,
 * so that one person's page cannot use up a partner's minutes; admin calls together. Over it is 429 with Retry-After.
 */
export function limitRate(settings: RateLimit): Step {
  return async (context, next) => {
    const counted = countedAs(context.state, settings);
    if (counted === null) return next();
    const { isExceeded, limit, remaining, resetSeconds } = await settings.count(counted.key, counted.limit);
    context.set({
      "RateLimit-Limit": String(limit),
      "RateLimit-Remaining": String(remaining),
      "RateLimit-Reset": String(resetSeconds),
    });
    if (!isExceeded) return next();
    settings.metrics.rateLimited.inc({ limit: counted.kind });
    throw new RequestRefused("RATE_LIMIT_EXCEEDED", { headers: { "Retry-After": String(resetSeconds) } });
  };
}

interface Counted {
  readonly kind: "links" | "requests" | "widget" | "admin";
  readonly key: string;
  readonly limit: number;
}

function countedAs({ route, caller, params }: GatewayState, settings: RateLimit): Counted | null {
  switch (route?.access) {
    case "partner": {
      const { partner = "", environment = "", settings: own } = caller ?? {};
      const perMinute = {
        links: own?.linksPerMinute ?? settings.linksPerMinute,
        requests: own?.requestsPerMinute ?? settings.requestsPerMinute,
      };
      const kind = route.limit;
      return { kind, key: `${kind}:${partner}/${environment}`, limit: perMinute[kind] };
    }
    case "widget":
      return { kind: "widget", key: `widget:${params?.["linkId"]}`, limit: settings.requestsPerMinute };
    case "admin":
      return { kind: "admin", key: "admin", limit: settings.requestsPerMinute };
    case "public":
    case undefined:
      return null;
    default:
      return route satisfies never;
  }
}
