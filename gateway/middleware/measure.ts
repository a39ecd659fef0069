import type { Clock } from "../../runtime/clock.ts";
import type { Metrics } from "../../runtime/metrics.ts";
import type { Step } from "../state.ts";
import { UNKNOWN_ROUTE } from "./access-log.ts";

/** Counts and times every request by method and route name: few values, whatever is sent. */
export function measure(metrics: Pick<Metrics, "httpRequests" | "httpRequestDuration">, clock: Clock): Step {
  return async (context, next) => {
    const startedAt = clock();
    await next();
    const labels = { method: context.method, route: context.state.route?.name ?? UNKNOWN_ROUTE };
    metrics.httpRequests.inc({ ...labels, status: String(context.status) });
    metrics.httpRequestDuration.observe(labels, (clock() - startedAt) / 1_000);
  };
}
