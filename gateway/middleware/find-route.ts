import Router from "@koa/router";
import type { Middleware } from "koa";
import { RequestRefused } from "../request-refused.ts";
import type { Route } from "../route.ts";
import type { GatewayState, Step } from "../state.ts";

/**
 * Finds the route of a request; the steps behind it read `state.route` and `state.params`. Paths are case-sensitive and
 * taken as they came: a percent-encoded slash does not end a part. An unknown path is 404, a known one with another
 * method 405 with the Allow header.
 */
export function findRoute(routes: readonly Route[]): readonly Middleware<GatewayState>[] {
  const router = new Router<GatewayState>({ sensitive: true });
  for (const route of routes) {
    router[VERBS[route.method]](route.path, (context, next) => {
      context.state.route = route;
      context.state.params = context.params;
      return next();
    });
  }
  return [refuseBrokenPath, router.routes() as Middleware<GatewayState>, requireRoute];
}

const VERBS = { GET: "get", POST: "post", PUT: "put", PATCH: "patch", DELETE: "delete" } as const satisfies Readonly<
  Record<Route["method"], string>
>;

/** A path that cannot be decoded, or holds what no identifier holds, names nothing. */
const refuseBrokenPath: Step = (context, next) => {
  if (!isReadable(context.path)) throw new RequestRefused("RESOURCE_NOT_FOUND");
  return next();
};

const requireRoute: Step = (context, next) => {
  if (context.state.route) return next();
  const matched = (context as { matched?: readonly { methods: readonly string[] }[] }).matched ?? [];
  const allowed = [...new Set(matched.flatMap(({ methods }) => methods))];
  if (allowed.length === 0) throw new RequestRefused("RESOURCE_NOT_FOUND");
  throw new RequestRefused("METHOD_NOT_ALLOWED", { headers: { Allow: allowed.join(", ") } });
};

function isReadable(path: string): boolean {
  try {
    return !/\p{Cc}/u.test(decodeURIComponent(path));
  } catch (error) {
    if (error instanceof URIError) return false;
    throw error;
  }
}
