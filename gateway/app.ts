import type { RequestListener } from "node:http";
import Koa from "koa";
import type { NewId } from "../runtime/ids.ts";
import type { Log } from "../runtime/log.ts";
import type { Metrics } from "../runtime/metrics.ts";
import { accessLog } from "./middleware/access-log.ts";
import { answerRoute } from "./middleware/answer-route.ts";
import { authenticateAdmin } from "./middleware/authenticate-admin.ts";
import { authenticatePartner, type FindKey } from "./middleware/authenticate-partner.ts";
import { authenticateWidget } from "./middleware/authenticate-widget.ts";
import { errorEnvelope } from "./middleware/error-envelope.ts";
import { findRoute } from "./middleware/find-route.ts";
import { limitRate } from "./middleware/limit-rate.ts";
import { measure } from "./middleware/measure.ts";
import { permit } from "./middleware/permit.ts";
import { readBody } from "./middleware/read-body.ts";
import { requestId } from "./middleware/request-id.ts";
import { widgetCors } from "./middleware/widget-cors.ts";
import type { CountRequest } from "./rate-limits.ts";
import type { RouteDependencies } from "./route-dependencies.ts";
import { createRoutes } from "./routes.ts";
import type { GatewayState } from "./state.ts";

/** All that a gateway works with; main.ts gives the real things, tests give what they want to see. */
export interface GatewayDependencies extends RouteDependencies {
  readonly log: Log;
  readonly metrics: Metrics;
  readonly newId: NewId;
  readonly findKey: FindKey;
  readonly count: CountRequest;
  readonly linksPerMinute: number;
  readonly requestsPerMinute: number;
  readonly widgetOrigins: readonly string[];
  /** Null: the admin routes do not exist. */
  readonly adminKey: string | null;
  /** Whether an error says that a system behind us is away. */
  readonly isTemporary: (error: unknown) => boolean;
}

/** The gateway: every request takes these steps in this order; each refuses by throwing a RequestRefused. */
export function createGateway(dependencies: GatewayDependencies): RequestListener {
  const { log, metrics, clock, newId, widgetOrigins, findKey, tokens } = dependencies;
  const app = new Koa<GatewayState>();
  app.use(requestId(newId));
  app.use(accessLog(log, clock));
  app.use(measure(metrics, clock));
  app.use(errorEnvelope(dependencies));
  app.use(widgetCors(widgetOrigins));
  for (const step of findRoute(createRoutes(dependencies))) app.use(step);
  app.use(authenticatePartner(findKey));
  app.use(authenticateWidget(tokens));
  app.use(authenticateAdmin(dependencies.adminKey));
  app.use(permit());
  app.use(limitRate(dependencies));
  app.use(readBody());
  app.use(answerRoute());
  app.on("error", (error: unknown) => log.warn({ error }, "an answer could not be sent"));
  return app.callback();
}
