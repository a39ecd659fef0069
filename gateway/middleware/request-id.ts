import type { NewId } from "../../runtime/ids.ts";
import { childOf, parseTraceparent } from "../../runtime/trace.ts";
import type { Step } from "../state.ts";

const SANE = /^[\w.:-]{1,128}$/;

/**
 * Gives every request an id, which its answer carries back as X-Request-Id: the caller's own X-Request-Id when it is
 * sane (1..128 of letters, digits, `_.:-`), a new one otherwise. Also continues the caller's trace, or begins one.
 */
export function requestId(newId: NewId): Step {
  return (context, next) => {
    const own = context.get("X-Request-Id");
    context.state.requestId = SANE.test(own) ? own : newId("req", "gateway");
    context.state.trace = childOf(parseTraceparent(context.get("traceparent")));
    context.set("X-Request-Id", context.state.requestId);
    return next();
  };
}
