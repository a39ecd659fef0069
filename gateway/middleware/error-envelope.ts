import type { Log } from "../../runtime/log.ts";
import { RETRY_AFTER_SECONDS } from "../http-errors.ts";
import { failure } from "../reply.ts";
import { RequestRefused } from "../request-refused.ts";
import { sendReply } from "../send-reply.ts";
import type { GatewayContext, Step } from "../state.ts";

export interface ErrorEnvelope {
  readonly log: Log;
  /** Whether an error says that a system behind us is away, so that trying again makes sense. */
  readonly isTemporary: (error: unknown) => boolean;
}

/**
 * Turns whatever is thrown into the error envelope. A RequestRefused speaks for itself. Anything else says nothing of
 * itself to the caller: 503 when it will pass (OUTCOME_UNKNOWN once a command may have been sent), else 500.
 */
export function errorEnvelope(settings: ErrorEnvelope): Step {
  return async (context, next) => {
    try {
      await next();
    } catch (error) {
      const refused = error instanceof RequestRefused ? error : refusedFor(error, context, settings);
      sendReply(context, failure(refused, context.state.requestId));
    }
  };
}

function refusedFor(error: unknown, context: GatewayContext, { log, isTemporary }: ErrorEnvelope): RequestRefused {
  const { requestId, route, commandId } = context.state;
  const where = { error, requestId, route: route?.name, commandId };
  if (!isTemporary(error)) {
    log.error(where, "request failed");
    return new RequestRefused("INTERNAL_ERROR", { cause: error });
  }
  log.warn(where, "request failed: a system behind the gateway is away");
  const headers = { "Retry-After": RETRY_AFTER_SECONDS };
  if (commandId === undefined) return new RequestRefused("UNAVAILABLE", { headers, cause: error });
  return new RequestRefused("OUTCOME_UNKNOWN", { headers, facts: { commandId }, cause: error });
}
