import { notFound, RequestRefused } from "../request-refused.ts";
import type { WidgetRoute } from "../route.ts";
import type { RouteDependencies } from "../route-dependencies.ts";

/** GET /widget/links/{linkId}/events: server-sent events, the session again whenever it changed. Changes nothing. */
export function followSessionRoute({ readSessionText, sessionStreams }: RouteDependencies): WidgetRoute {
  return {
    method: "GET",
    path: "/widget/links/:linkId/events",
    name: "/widget/links/{linkId}/events",
    describe: {
      summary: "The session again whenever it changed, as server-sent events of the type session",
      answer: null,
      mediaType: "text/event-stream",
      status: 200,
      errors: ["RESOURCE_NOT_FOUND"],
    },
    access: "widget",
    answer: async ({ linkId }) => {
      const first = await readSessionText(linkId);
      if (first === null) throw notFound();
      const body = sessionStreams.open(linkId, first);
      if (body === null) throw new RequestRefused("RATE_LIMIT_EXCEEDED", { message: TOO_MANY, headers: LATER });
      return { status: 200, body, headers: HEADERS };
    },
  };
}

const TOO_MANY = "Too many pages of this link listen; close one, or read the session instead";
const LATER = { "Retry-After": "10" };

const HEADERS = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store",
  // Some proxies would gather events before they pass them on.
  "x-accel-buffering": "no",
  "x-content-type-options": "nosniff",
  // A stopping gateway ends the stream and does not wait for what might come over this connection later.
  connection: "close",
};
