import type { Route } from "../../gateway/route.ts";
import type { RouteDependencies } from "../../gateway/route-dependencies.ts";
import { createRoutes } from "../../gateway/routes.ts";

/** Every route of the gateway with nothing behind it: for what routes say of themselves, never for answering. */
export function inertRoutes(): readonly Route[] {
  return createRoutes(new Proxy({} as RouteDependencies, { get: () => nothing() }));
}

/** Stands for any part: whatever is read of it or answered by it is nothing again. */
function nothing(): unknown {
  return new Proxy(() => nothing(), { get: (_, name) => (typeof name === "symbol" ? undefined : nothing()) });
}
