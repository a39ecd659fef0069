import type { Clock } from "../../runtime/clock.ts";
import type { Log } from "../../runtime/log.ts";
import type { Step } from "../state.ts";

/**
 * One line per request: what was called, by which partner, with which outcome. Only the route's name, never the path,
 * the query or the body: those may hold what nobody may read in a log.
 */
export function accessLog(log: Log, clock: Clock): Step {
  return async (context, next) => {
    const startedAt = clock();
    await next();
    const { requestId, trace, route, caller, commandId } = context.state;
    const line = {
      method: context.method,
      route: route?.name ?? UNKNOWN_ROUTE,
      status: context.status,
      durationMs: clock() - startedAt,
      requestId,
      traceId: trace.traceId,
      ...(caller ? { partner: caller.partner, environment: caller.environment } : {}),
      ...(commandId ? { commandId } : {}),
    };
    if (route?.access === "public") log.debug(line, "request");
    else log.info(line, "request");
  };
}

/** How requests that reach no route are called, together. */
export const UNKNOWN_ROUTE = "unknown";
