import type { Middleware, ParameterizedContext } from "koa";
import type { Trace } from "../runtime/trace.ts";
import type { Caller, Route } from "./route.ts";

/** What the steps of app.ts tell each other about a request. A field is there once its step has run. */
export interface GatewayState {
  requestId: string;
  trace: Trace;
  route?: Route;
  params?: Readonly<Record<string, string>>;
  caller?: Caller;
  operator?: string;
  body?: unknown;
  /** Set as soon as a command of this request may have been sent. */
  commandId?: string;
}

export type GatewayContext = ParameterizedContext<GatewayState>;
export type Step = Middleware<GatewayState>;
