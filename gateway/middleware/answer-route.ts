import type { Reply, StreamReply } from "../reply.ts";
import { RequestRefused } from "../request-refused.ts";
import type { RouteRequest } from "../route.ts";
import { sendReply } from "../send-reply.ts";
import type { GatewayContext, Step } from "../state.ts";

/** The last step: hands the request to its route and sends what that answers. */
export function answerRoute(): Step {
  return async (context) => {
    sendReply(context, await answered(context));
  };
}

function answered(context: GatewayContext): Promise<Reply | StreamReply> {
  const { route, caller, operator } = context.state;
  const request = requestOf(context);
  switch (route?.access) {
    case "public":
      return route.answer(request);
    case "widget":
      return route.answer({ ...request, linkId: request.params["linkId"] ?? "" });
    case "partner":
      if (caller === undefined) throw new RequestRefused("UNAUTHORIZED");
      return route.answer({ ...request, caller });
    case "admin":
      if (operator === undefined) throw new RequestRefused("UNAUTHORIZED");
      return route.answer({ ...request, operator });
    case undefined:
      throw new RequestRefused("RESOURCE_NOT_FOUND");
    default:
      return route satisfies never;
  }
}

function requestOf(context: GatewayContext): RouteRequest {
  const { state } = context;
  return {
    requestId: state.requestId,
    trace: state.trace,
    method: context.method,
    path: canonicalPath(context.path),
    params: state.params ?? {},
    query: queryOf(context),
    body: state.body,
    idempotencyKey: idempotencyKeyOf(context),
    userAgent: context.get("User-Agent") || null,
    noteCommand: (commandId) => {
      state.commandId = commandId;
    },
  };
}

/** `%7E` and `~` are the same path. The path was found readable before. */
function canonicalPath(path: string): string {
  const parts = path.replace(/\/$/, "").split("/");
  return parts.map((part) => encodeURIComponent(decodeURIComponent(part))).join("/");
}

function queryOf(context: GatewayContext): Readonly<Record<string, string>> {
  const entries = [...new URLSearchParams(context.querystring)].toReversed();
  return Object.fromEntries(entries);
}

/** Reading is always safe to repeat: there the header means nothing. */
function idempotencyKeyOf(context: GatewayContext): string | null {
  if (context.method === "GET" || context.method === "HEAD") return null;
  const key = context.req.headers["idempotency-key"];
  if (key === undefined) return null;
  if (typeof key === "string" && key.length >= 1 && key.length <= 255) return key;
  const problem = {
    path: "Idempotency-Key",
    code: "length",
    message: "The Idempotency-Key must have 1 to 255 characters",
  };
  throw new RequestRefused("INVALID_REQUEST", { message: problem.message, facts: { details: [problem] } });
}
