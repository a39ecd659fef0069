import type { Clock } from "../../runtime/clock.ts";
import type { Log } from "../../runtime/log.ts";
import { createQuietLog, type QuietLog } from "../../runtime/quiet-log.ts";
import { RETRY_AFTER_SECONDS } from "../http-errors.ts";
import { failure } from "../reply.ts";
import { RequestRefused } from "../request-refused.ts";
import { sendReply } from "../send-reply.ts";
import type { GatewayContext, Step } from "../state.ts";

export interface ErrorEnvelope {
  readonly log: Log;
  readonly clock: Clock;
  /** Whether an error says that a system behind us is away, so that trying again makes sense. */
  readonly isTemporary: (error: unknown) => boolean;
}

/**
 * Turns whatever is thrown into the error envelope. A RequestRefused speaks for itself. Anything else says nothing of
 * itself to the caller: 503 when it will pass (OUTCOME_UNKNOWN once a command may have been sent), else 500.
 */
export function errorEnvelope({ log, clock, isTemporary }: ErrorEnvelope): Step {
  const settings = { log, quiet: createQuietLog(log, clock), isTemporary };
  return async (context, next) => {
    try {
      await next();
    } catch (error) {
      const refused = error instanceof RequestRefused ? error : refusedFor(error, context, settings);
      sendReply(context, failure(refused, context.state.requestId));
    }
  };
}

interface Refusing {
  readonly log: Log;
  /** For what fails with every request while something is away; each request is in the access log with its status. */
  readonly quiet: QuietLog;
  readonly isTemporary: ErrorEnvelope["isTemporary"];
}

function refusedFor(error: unknown, context: GatewayContext, { log, quiet, isTemporary }: Refusing): RequestRefused {
  const { requestId, route, commandId } = context.state;
  const where = { error, requestId, route: route?.name, commandId };
  if (!isTemporary(error)) {
    log.error(where, "request failed");
    return new RequestRefused("INTERNAL_ERROR", { cause: error });
  }
  const headers = { "Retry-After": RETRY_AFTER_SECONDS };
  if (commandId === undefined) {
    quiet.warn(where, "request failed: a system behind the gateway is away");
    return new RequestRefused("UNAVAILABLE", { headers, cause: error });
  }
  log.warn(where, "request failed: a system behind the gateway went away, and its command may have been sent");
  return new RequestRefused("OUTCOME_UNKNOWN", { headers, facts: { commandId }, cause: error });
}
